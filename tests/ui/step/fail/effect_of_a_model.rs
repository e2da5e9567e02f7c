// Only code steps have effects.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}", effect = irreversible)]
async fn draft(letter: &str) -> Result<String>;

fn main() {}
