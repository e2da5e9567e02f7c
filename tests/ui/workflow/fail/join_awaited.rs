// A `join!` awaits its branches itself.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let (first, second) = try_join!(count(&text), count("b")).await?;
    Ok(first + second)
}

fn main() {}
