// A map does nothing until it is awaited.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let lengths = map(texts, async |text| len(&text).await).bound(3)?;
    Ok(lengths.len() as u32)
}

fn main() {}
