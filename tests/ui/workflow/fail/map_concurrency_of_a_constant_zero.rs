// A constant for a map's concurrency must be at least 1.
use flow::prelude::*;

const WIDTH: u32 = 0;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let lengths = map(texts, async |text| len(&text).await).concurrency(WIDTH).await?;
    Ok(lengths.len() as u32)
}

fn main() {}
