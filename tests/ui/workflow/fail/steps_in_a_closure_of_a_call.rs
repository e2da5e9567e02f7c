// A closure that hides steps is reported once, whatever it is passed to.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

async fn twice<F: AsyncFn() -> Result<u32>>(body: F) -> Result<u32> {
    Ok(body().await? + body().await?)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    twice(async || len(&text).await).await
}

fn main() {}
