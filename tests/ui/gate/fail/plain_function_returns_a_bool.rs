// What stands as a gate returns a verdict, with `#[gate]` or without.
use flow::prelude::*;

fn small(years: &u32) -> bool {
    *years < 60
}

#[step(gate = small)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
