// A lock must have the format that this version reads.
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(lock)]
async fn future(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
