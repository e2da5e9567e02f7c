// A prompt must not be empty: the model would make something up.
// errors: 2
use flow::prelude::*;
const FAST: Model = Model::new("local/fast");

#[step(model = FAST, system = "Be brief.", prompt = "\n  ")]
async fn read(text: &str) -> Result<String>;

#[step(model = FAST, prompt = "")]
async fn greet() -> Result<String>;

fn main() {}
