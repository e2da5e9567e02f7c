// `retry(…)` accepts only known options.
use flow::prelude::*;

#[step(retry(max_attempt = 3))]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
