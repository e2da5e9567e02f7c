// `strict` and `lock` take no value.
// errors: 2
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(strict = true, lock = "contracts")]
async fn work(text: String) -> Result<u32> {
    count(&text).await
}

fn main() {}
