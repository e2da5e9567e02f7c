// A bound must be placed on a loop.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    #[bound(3)]
    let points = count(&text).await?;
    Ok(points)
}

fn main() {}
