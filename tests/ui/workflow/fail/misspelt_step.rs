// A step that does not exist is reported once.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = cuont(&text).await?;
    Ok(points)
}

fn main() {}
