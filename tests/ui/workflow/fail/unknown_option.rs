// An unknown option is rejected.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(max_step = 3)]
async fn screen(text: String) -> Result<u32> {
    count(&text).await
}

fn main() {}
