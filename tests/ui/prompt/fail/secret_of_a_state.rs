// States must not appear in a prompt.
use flow::prelude::*;

const FAST: Model = Model::new("openai/fast");

#[step(model = FAST, prompt = "Answer {{ name }} with {{ token }}")]
async fn answer(name: String, #[state] token: &Secret<String>) -> Result<String>;

fn main() {}
