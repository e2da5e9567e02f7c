// An option must not be set twice.
use flow::prelude::*;

#[step(retry = 2, retry = 3)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
