// A helper that awaits code steps must be a workflow.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

async fn helper(text: &str) -> Result<u32> {
    Ok(count(text).await? + count(text).await?)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    helper(&text).await
}

fn main() {}
