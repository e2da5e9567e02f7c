// Versions start at 1.
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(version = 0)]
async fn count(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
