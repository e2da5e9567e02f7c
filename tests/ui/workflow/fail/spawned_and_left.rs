// A workflow must not spawn tasks.
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    flow::tokio::spawn(async { 1 });
    Ok(1)
}

fn main() {}
