// The bound of a map must be a whole number.
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>, most: u32) -> Result<u32> {
    let all = map(texts, async |text: String| count(&text).await).bound(most).await?;
    Ok(all.len() as u32)
}

fn main() {}
