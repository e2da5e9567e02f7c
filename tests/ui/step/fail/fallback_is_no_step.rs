// A fallback must be a step.
use flow::prelude::*;

async fn guess(years: u32) -> Result<u32> {
    Ok(years)
}

#[step(fallback = guess)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
