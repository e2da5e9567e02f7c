// A workflow must stay within its own limit.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(max_steps = 1)]
async fn screen(text: String) -> Result<u32> {
    let first = count(&text).await?;
    let second = count(&text).await?;
    Ok(first + second)
}

fn main() {}
