// A prompt must not be set twice.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Read {{ text }}", prompt_file = "Cargo.toml")]
async fn read(text: &str) -> Result<String>;

fn main() {}
