// Every option has a name that is known; the nearest known one is suggested.
use flow::prelude::*;

#[step(timout = "5s")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
