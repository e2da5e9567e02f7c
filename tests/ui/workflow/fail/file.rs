// Files read in a workflow are not recorded.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(path: String) -> Result<u32> {
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    count(&text).await
}

fn main() {}
