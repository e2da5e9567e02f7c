// A workflow must own its arguments.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: &str) -> Result<u32> {
    count(text).await
}

fn main() {}
