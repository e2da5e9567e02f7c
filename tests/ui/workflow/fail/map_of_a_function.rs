// The body of a map must be a closure, not a function name.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let lengths = map(texts, len).await?;
    Ok(lengths.len() as u32)
}

fn main() {}
