// A step must be an async function.
use flow::prelude::*;

#[step]
fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
