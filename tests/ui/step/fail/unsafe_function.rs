// A step must not be unsafe.
use flow::prelude::*;

#[step]
async unsafe fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
