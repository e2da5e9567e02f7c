// Arguments go in, the output comes out.
use flow::prelude::*;

#[step]
async fn score(years: &mut u32) -> Result<u32> {
    Ok(*years)
}

fn main() {}
