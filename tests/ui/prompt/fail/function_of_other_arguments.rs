// A prompt function must take the arguments of its step.
use flow::prelude::*;
use flow::prompt::Prompt;

fn build(_years: u32) -> Prompt {
    Prompt::default()
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = build)]
async fn read(text: &str) -> Result<String>;

fn main() {}
