// A chain of models has a first one.
use flow::prelude::*;

#[step(model = [], prompt = "{{ years }}")]
async fn score(years: u32) -> Result<u32>;

fn main() {}
