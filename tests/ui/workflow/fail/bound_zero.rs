// A bound must allow at least one turn.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    #[bound(0)]
    while count(&text).await? < 3 {}
    Ok(1)
}

fn main() {}
