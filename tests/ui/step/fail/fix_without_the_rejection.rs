// A fix must take the rejected output and the rejection.
#![allow(unused_variables)]
use flow::prelude::*;

#[gate]
fn small(years: &u32) -> Verdict {
    Verdict::ensure(*years < 60, "too many")
}

#[step]
async fn shrink(years: u32) -> Result<u32> {
    Ok(1)
}

#[step(gate = small, fix = shrink)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
