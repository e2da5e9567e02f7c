// `#[cfg]` inside a workflow hides steps from the graph.
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    #[cfg(debug_assertions)]
    let points = count(&text).await?;
    Ok(1)
}

fn main() {}
