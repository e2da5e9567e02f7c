// Options for models require a model step.
use flow::prelude::*;

#[step(repair = 2)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
