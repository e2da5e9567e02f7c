// A call has the options `model`, `timeout` and `id`.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    count(&text).retries(3).await
}

fn main() {}
