// People read and type ids, so they must not contain control characters.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    count(&text).id("first\nsecond").await
}

fn main() {}
