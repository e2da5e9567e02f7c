// A workflow must not start threads.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    std::thread::spawn(|| ());
    count(&text).await
}

fn main() {}
