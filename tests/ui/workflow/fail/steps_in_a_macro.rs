// A macro hides its steps from the graph.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let all = vec![count(&text).await?];
    Ok(all[0])
}

fn main() {}
