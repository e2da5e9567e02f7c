// The option `lock` takes no value.
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(lock = "contracts")]
async fn count(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
