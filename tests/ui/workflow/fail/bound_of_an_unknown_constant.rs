// A constant that bounds a loop must exist.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let mut total = 0;
    #[bound(MOST, break)]
    while total < 100 {
        total += len(&texts[0]).await?;
    }
    Ok(total)
}

fn main() {}
