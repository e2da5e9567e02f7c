// The name of a call is known while compiling.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    count(&text).id(text).await
}

fn main() {}
