// A call rejected where it is spawned is not reported again where it is awaited.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let task = flow::tokio::spawn(async { 1 });
    let one = task.await?;
    Ok(one + count(&text).await?)
}

fn main() {}
