// A fallback must take what its step takes.
use flow::prelude::*;

#[step]
async fn guess(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[step(fallback = guess)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
