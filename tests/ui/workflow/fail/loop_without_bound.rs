// A loop around steps needs a bound.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    loop {
        if count(&text).await? > 3 {
            return Ok(1);
        }
    }
}

fn main() {}
