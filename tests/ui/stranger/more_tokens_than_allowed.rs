// More output tokens than the workflow allows.
// says: workflow `label` has a worst case of 2400 output tokens
// says: topic: 400 tokens × 3 attempts × (1 + 1 repair) = 2400
// says: raise the limit

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Name the topic.\n\n{{ text }}")]
async fn topic(text: &str) -> Result<String>;
#[workflow(max_output_tokens = 500)]
async fn label(text: String) -> Result<String> { topic(&text).await }

fn main() {}
