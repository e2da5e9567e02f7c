// A workflow must be an async function.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
fn screen(text: String) -> Result<u32> {
    Ok(1)
}

fn main() {}
