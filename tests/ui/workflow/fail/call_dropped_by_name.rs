// A call bound to `_` without being awaited does nothing.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let _ = count(&text);
    Ok(1)
}

fn main() {}
