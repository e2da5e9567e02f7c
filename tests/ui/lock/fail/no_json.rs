// A lock must be JSON, without merge conflict markers.
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(lock)]
async fn merged(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
