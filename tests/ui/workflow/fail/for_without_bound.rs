// In a workflow with limits, a loop over items needs a bound.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(max_steps = 9)]
async fn screen(texts: Vec<String>) -> Result<u32> {
    for text in texts {
        count(&text).await?;
    }
    Ok(1)
}

fn main() {}
