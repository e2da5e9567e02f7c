// A step passed on by name in a closure is missing from the graph.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let calls = texts.iter().map(|text| Some(text.as_str()).map(len)).count();
    Ok(calls as u32)
}

fn main() {}
