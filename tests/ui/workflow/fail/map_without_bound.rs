// In a workflow with limits, a map needs a bound.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(max_steps = 9)]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let all = map(texts, async |text: String| count(&text).await).await?;
    Ok(all.len() as u32)
}

fn main() {}
