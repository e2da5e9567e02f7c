// A synchronous function is not a step and cannot be awaited.
use flow::prelude::*;

fn helper(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = helper(&text).await?;
    Ok(points + 1)
}

fn main() {}
