// A step in a loop must be awaited.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let mut total = 0;
    for text in texts {
        len(&text);
        total += len(&text).await?;
    }
    Ok(total)
}

fn main() {}
