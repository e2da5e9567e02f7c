// A model step cannot have a body.
// says: a model step cannot have a body
// says: end `classify` with a semicolon

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Classify.\n\n{{ text }}")]
async fn classify(text: &str) -> Result<String> { Ok(text.to_owned()) }
#[workflow]
async fn sort(text: String) -> Result<String> { classify(&text).await }

fn main() {}
