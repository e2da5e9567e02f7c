// For an option that resembles no other, all options are listed.
use flow::prelude::*;

#[step(colour = "red")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
