// A step in a guard would have no place of its own.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    match text.len() {
        0 if count(&text).await? > 3 => Ok(0),
        _ => Ok(1),
    }
}

fn main() {}
