// A closure nested in the closure of a map hides its steps.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let lengths = map(texts, async |text: String| {
        let measure = async |text: &str| len(text).await;
        measure(&text).await
    })
    .await?;
    Ok(lengths.iter().sum())
}

fn main() {}
