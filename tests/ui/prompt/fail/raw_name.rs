// A template names an argument without the `r#` that Rust needs.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Which {{ r#type }}?")]
async fn ask(r#type: &str) -> Result<String>;

fn main() {}
