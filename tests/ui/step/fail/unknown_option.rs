// An unknown option is rejected; the most similar one is suggested.
use flow::prelude::*;

#[step(timout = "5s")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
