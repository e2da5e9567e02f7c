// Items of a map run concurrently, so they cannot share mutable state.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let mut total = 0;
    let all = map(texts, async |text: String| {
        total += count(&text).await?;
        Ok(total)
    })
    .await?;
    Ok(all.len() as u32)
}

fn main() {}
