// A step used as a gate must return a verdict.
use flow::prelude::*;

#[step]
async fn small(years: &u32) -> Result<bool> {
    Ok(*years < 60)
}

#[step(gate = small)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
