// A prompt in a file must be named with `prompt_file`.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = include_str!("prompt.md"))]
async fn translate(text: &str) -> Result<String>;

fn main() {}
