// A closure hides its steps from the graph.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let ask = async |text: &str| count(text).await;
    Ok(1)
}

fn main() {}
