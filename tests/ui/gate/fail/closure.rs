// A gate is named.
use flow::prelude::*;

#[step(gate = |years: &u32| Verdict::accept())]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
