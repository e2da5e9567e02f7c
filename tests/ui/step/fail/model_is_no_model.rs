// A model must be a constant of type `Model`.
use flow::prelude::*;

const FAST: &str = "openai/gpt-5-mini";

#[step(model = FAST, prompt = "{{ years }}")]
async fn score(years: u32) -> Result<u32>;

fn main() {}
