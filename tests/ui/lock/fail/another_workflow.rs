// A lock must belong to its workflow.
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(lock)]
async fn copied(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
