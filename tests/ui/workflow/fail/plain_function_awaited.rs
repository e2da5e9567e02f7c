// Only steps can be awaited in a workflow.
use flow::prelude::*;

async fn helper(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = helper(&text).await?;
    Ok(points + 1)
}

fn main() {}
