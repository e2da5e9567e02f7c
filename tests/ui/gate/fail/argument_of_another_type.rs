// An argument of a gate must have the type of the step's argument.
#![allow(unused_variables)]
use flow::prelude::*;

#[gate]
fn small(points: &u32, years: &String) -> Verdict {
    Verdict::accept()
}

#[step(gate = small(years))]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
