// Places are told apart by their separators, so no id has one.
use flow::prelude::*;

#[step(id = "text.count")]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

fn main() {}
