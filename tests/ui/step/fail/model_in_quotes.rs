// A model must be named by its constant.
use flow::prelude::*;

#[step(model = "openai/gpt-5-mini", prompt = "{{ years }}")]
async fn score(years: u32) -> Result<u32>;

fn main() {}
