// A gate must be a named function.
use flow::prelude::*;

#[step(gate = |years: &u32| Verdict::accept())]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
