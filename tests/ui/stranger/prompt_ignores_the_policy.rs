// An argument of a model step must be used by its prompt.
// says: model step `moderate` uses the argument `policy`
// says: add `{{ policy }}`

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Is this allowed?\n\n{{ post }}")]
async fn moderate(post: &str, policy: &str) -> Result<bool>;
#[workflow]
async fn check(post: String, policy: String) -> Result<bool> { moderate(&post, &policy).await }

fn main() {}
