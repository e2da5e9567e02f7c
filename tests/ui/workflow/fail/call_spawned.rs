// A call must not be passed to another task.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = flow::tokio::spawn(count("x")).await;
    Ok(1)
}

fn main() {}
