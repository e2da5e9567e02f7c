// An option that resembles no other is answered with the list.
use flow::prelude::*;

#[step(colour = "red")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
