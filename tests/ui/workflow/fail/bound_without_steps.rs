// A bound belongs to a loop around steps.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = count(&text).await?;
    #[bound(3)]
    while false {}
    Ok(points)
}

fn main() {}
