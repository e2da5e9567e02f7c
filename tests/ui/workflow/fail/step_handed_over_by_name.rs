// A step passed to plain code by name is missing from the graph.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let calls: Vec<_> = texts.iter().map(String::as_str).map(len).collect();
    Ok(calls.len() as u32)
}

fn main() {}
