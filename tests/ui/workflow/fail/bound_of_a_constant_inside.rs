// A constant used as a bound must be defined outside the body.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    const MOST: u32 = 3;
    let mut total = 0;
    #[bound(MOST)]
    while total < 100 {
        total += len(&texts[0]).await?;
    }
    Ok(total)
}

fn main() {}
