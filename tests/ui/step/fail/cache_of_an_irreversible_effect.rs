// An irreversible effect cannot be cached.
use flow::prelude::*;

#[step(effect = irreversible, cache("24h"))]
async fn send(letter: &str) -> Result<u32> {
    Ok(letter.len() as u32)
}

fn main() {}
