// A call and a map with the same name would share the places of nested steps.
use flow::prelude::*;

#[step(id = "map")]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let first = count("first").await?;
    let all = map(texts, async |text: String| count(&text).await).await?;
    Ok(first + all.len() as u32)
}

fn main() {}
