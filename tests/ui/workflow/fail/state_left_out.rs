// A workflow must pass a step its state.
use flow::prelude::*;

pub struct Db;

#[step]
async fn load(name: &str, #[state] db: &Db) -> Result<u32> {
    let _ = db;
    Ok(name.len() as u32)
}

#[workflow]
async fn screen(name: String) -> Result<u32> {
    let first = load(&name).await?;
    Ok(first + 1)
}

fn main() {}
