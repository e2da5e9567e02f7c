// A model step needs a prompt.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST)]
async fn score(years: u32) -> Result<u32>;

fn main() {}
