// Units of durations are short: `5m`, not `5 minutes`.
use flow::prelude::*;

#[step(timeout = "5 minutes")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
