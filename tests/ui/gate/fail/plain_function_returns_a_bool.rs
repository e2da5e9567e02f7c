// A function used as a gate must return a verdict, with or without `#[gate]`.
use flow::prelude::*;

fn small(years: &u32) -> bool {
    *years < 60
}

#[step(gate = small)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
