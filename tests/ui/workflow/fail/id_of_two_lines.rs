// An id is read and typed by people, so it has no control characters.
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
