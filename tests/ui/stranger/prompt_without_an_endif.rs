// A block of a template is never closed.
// says: prompt of step `greet`
// says: `{% if %}` is never closed; add `{% endif %}` (at 2:4)

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Greet.\n{% if formal %}Use titles.\n{{ name }}")]
async fn greet(name: &str, formal: bool) -> Result<String>;
#[workflow]
async fn letter(name: String) -> Result<String> { greet(&name, true).await }

fn main() {}
