// A chain needs at least one model.
use flow::prelude::*;

#[step(model = [], prompt = "{{ years }}")]
async fn score(years: u32) -> Result<u32>;

fn main() {}
