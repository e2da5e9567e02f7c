// The types in a lock must be valid shapes.
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(lock)]
async fn misspelt(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
