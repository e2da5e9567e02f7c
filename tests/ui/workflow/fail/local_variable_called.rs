// A step must be called by the name of its function.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let count = |text: &str| 1;
    count(&text).await
}

fn main() {}
