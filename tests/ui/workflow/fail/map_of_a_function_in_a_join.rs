// The body of a map in a branch of a join must be a closure, not a function name.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let (lengths, first) = try_join!(map(texts.clone(), len), len(&texts[0]))?;
    Ok(lengths.len() as u32 + first)
}

fn main() {}
