// A bound must be a whole number.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String, most: u32) -> Result<u32> {
    #[bound(most)]
    while count(&text).await? < 3 {}
    Ok(most)
}

fn main() {}
