// A type error in the body is reported together with a mistake in the attribute.
// errors: 2
use flow::prelude::*;

#[step(timeout = "30")]
async fn score(years: u32) -> Result<u32> {
    Ok(years.len())
}

fn main() {}
