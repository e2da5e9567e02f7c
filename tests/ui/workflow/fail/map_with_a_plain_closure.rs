// The closure of a map must be async.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let all = map(texts, |text: String| count(&text)).await?;
    Ok(all.len() as u32)
}

fn main() {}
