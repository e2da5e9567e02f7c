// A workflow with `lock` must have its lock in the repository.
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(lock)]
async fn count(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
