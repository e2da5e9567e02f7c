// A duration needs a whole number and a unit.
use flow::prelude::*;

#[step(timeout = "30")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
