// With `strict` or `lock`, every step must be reachable.
// errors: 4
#![allow(unreachable_code)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(strict)]
async fn report(text: String) -> Result<u32> {
    if text.is_empty() {
        flow::bail!("nothing to report");
        count("unreachable").await?;
    }
    if false {
        count(&text).await?;
    }
    for _ in 0..0 {
        count(&text).await?;
    }
    return count(&text).await;
    count("").await
}

fn main() {}
