// A step in the closure of a map must be awaited.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let lengths = map(texts, async |text: String| {
        if text.is_empty() {
            let _ = len(&text);
        }
        len(&text).await
    })
    .await?;
    Ok(lengths.iter().sum())
}

fn main() {}
