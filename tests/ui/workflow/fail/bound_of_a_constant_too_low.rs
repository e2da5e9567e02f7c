// A constant that bounds a loop must be at least its known number of turns.
use flow::prelude::*;

const MOST: u32 = 3;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let mut total = 0;
    #[bound(MOST)]
    for _ in 0..4 {
        total += len(&text).await?;
    }
    Ok(total)
}

fn main() {}
