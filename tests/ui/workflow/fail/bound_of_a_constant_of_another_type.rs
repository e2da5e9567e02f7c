// A constant that bounds a map must be a `u32`.
use flow::prelude::*;

const MOST: usize = 3;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let lengths = map(texts, async |text| len(&text).await).bound(MOST).await?;
    Ok(lengths.len() as u32)
}

fn main() {}
