// A type error is reported together with a broken rule.
// errors: 2
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    println!("{text}");
    let points: String = count(&text).await?;
    Ok(1)
}

fn main() {}
