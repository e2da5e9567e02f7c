// A prompt in a file is named by an option of its own.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = include_str!("prompt.md"))]
async fn translate(text: &str) -> Result<String>;

fn main() {}
