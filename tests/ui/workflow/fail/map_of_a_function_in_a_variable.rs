// The body of a map must be a closure, not a function in a variable.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let measure = len;
    let lengths = flow::map(texts, measure).await?;
    Ok(lengths.len() as u32)
}

fn main() {}
