// A duration needs a whole number and a unit.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    count(&text).timeout("5 minutes").await
}

fn main() {}
