// A lock is JSON, without the marks of a merge.
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
