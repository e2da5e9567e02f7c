// A model name consists of provider and model.
use flow::prelude::*;

const FAST: Model = Model::new("gpt-5-mini");

#[step(model = FAST, prompt = "{{ years }}")]
async fn score(years: u32) -> Result<u32>;

fn main() {}
