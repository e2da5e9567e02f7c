// An id must not be empty or contain a separator of places.
// errors: 3
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let first = count(&text).id("first/count").await?;
    let second = count(&text).id("count.2").await?;
    let third = count(&text).id("").await?;
    Ok(first + second + third)
}

fn main() {}
