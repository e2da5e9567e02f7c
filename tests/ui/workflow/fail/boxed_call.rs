// A step must not be hidden in a wrapper.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = Box::pin(count(&text)).await?;
    Ok(points)
}

fn main() {}
