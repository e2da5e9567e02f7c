// A prompt function must return a prompt.
use flow::prelude::*;

fn build(text: &str) -> String {
    text.to_owned()
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = build)]
async fn read(text: &str) -> Result<String>;

fn main() {}
