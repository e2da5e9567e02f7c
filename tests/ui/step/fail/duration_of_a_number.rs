// A duration must be quoted.
use flow::prelude::*;

#[step(timeout = 30)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
