// The first attempt counts, so `retry` must be at least 1.
use flow::prelude::*;

#[step(retry = 0)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
