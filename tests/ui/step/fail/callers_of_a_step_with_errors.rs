// A mistake in a step adds no errors to its callers.
use flow::prelude::*;

#[step(timeout = "30")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

#[workflow]
async fn screen(years: u32) -> Result<u32> {
    let points = score(years).await?;
    Ok(points + 1)
}

fn main() {}
