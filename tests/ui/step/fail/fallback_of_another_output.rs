// A fallback must return what its step returns.
use flow::prelude::*;

#[step]
async fn guess(years: u32) -> Result<String> {
    Ok(years.to_string())
}

#[step(fallback = guess)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
