// A function that returns a number cannot be awaited.
use flow::prelude::*;

fn length(text: &str) -> u32 {
    text.len() as u32
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = length(&text).await;
    Ok(points + 1)
}

fn main() {}
