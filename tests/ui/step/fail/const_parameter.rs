// A step cannot have const parameters.
use flow::prelude::*;

#[step]
async fn score<const N: usize>(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
