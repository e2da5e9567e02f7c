// Results are recorded by name, so names must be unique.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[step(id = "count")]
async fn tally(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let first = count(&text).await?;
    let second = tally(&text).await?;
    Ok(first + second)
}

fn main() {}
