// A fix must return what its step returns.
#![allow(unused_variables)]
use flow::prelude::*;

#[gate]
fn small(years: &u32) -> Verdict {
    Verdict::ensure(*years < 60, "too many")
}

#[step]
async fn shrink(years: u32, rejection: &Rejection) -> Result<String> {
    Ok(String::new())
}

#[step(gate = small, fix = shrink)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
