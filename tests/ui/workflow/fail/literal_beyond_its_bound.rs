// A loop with a known number of turns must stay within its bound.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    #[bound(3)]
    for _ in 0..5 {
        count(&text).await?;
    }
    Ok(1)
}

fn main() {}
