// A time limit must be set as an option of the call.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = flow::tokio::time::timeout(std::time::Duration::from_secs(1), count(&text)).await;
    Ok(1)
}

fn main() {}
