// Arguments are inputs only, so they cannot be mutable references.
use flow::prelude::*;

#[step]
async fn score(years: &mut u32) -> Result<u32> {
    Ok(*years)
}

fn main() {}
