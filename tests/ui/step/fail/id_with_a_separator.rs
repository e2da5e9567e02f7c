// An id must not contain a separator of places.
use flow::prelude::*;

#[step(id = "text.count")]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

fn main() {}
