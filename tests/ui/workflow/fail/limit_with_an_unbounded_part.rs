// A limit requires a known worst case of every part.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn each(texts: Vec<String>) -> Result<u32> {
    for text in texts {
        count(&text).await?;
    }
    Ok(1)
}

#[workflow(max_steps = 9)]
async fn screen(texts: Vec<String>) -> Result<u32> {
    each(texts).await
}

fn main() {}
