// A prompt file must exist.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt_file = "prompts/nowhere.md")]
async fn read(text: &str) -> Result<String>;

fn main() {}
