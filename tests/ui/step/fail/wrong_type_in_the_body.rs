// A type error in a body is reported by rustc, at the user's tokens.
use flow::prelude::*;

#[step]
async fn score(years: u32) -> Result<String> {
    Ok(years)
}

fn main() {}
