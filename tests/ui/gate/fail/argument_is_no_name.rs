// Arguments of a gate must be names of step arguments, not expressions.
#![allow(unused_variables)]
use flow::prelude::*;

#[gate]
fn small(points: &u32, years: &u32) -> Verdict {
    Verdict::accept()
}

#[step(gate = small(years + 1))]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
