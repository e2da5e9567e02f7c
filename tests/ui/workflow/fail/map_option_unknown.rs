// A map has the options `concurrency`, `bound` and `settle`.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let all = map(texts, async |text: String| count(&text).await).timeout("5s").await?;
    Ok(all.len() as u32)
}

fn main() {}
