// The clock shows a different time when the run is resumed.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let now = std::time::SystemTime::now();
    count(&text).await
}

fn main() {}
