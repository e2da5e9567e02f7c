// The environment may differ when the run is resumed.
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let name = std::env::var("NAME").unwrap_or_default();
    count(&name).await
}

fn main() {}
