// A workflow is lent its states by the runtime, not by the workflow that calls it.
use flow::prelude::*;

pub struct Db;

#[step]
async fn load(name: &str, #[state] db: &Db) -> Result<u32> {
    let _ = db;
    Ok(name.len() as u32)
}

#[workflow]
async fn inner(name: String, #[state] db: &Db) -> Result<u32> {
    load(&name, db).await
}

#[workflow]
async fn screen(name: String, #[state] db: &Db) -> Result<u32> {
    inner(name, db).await
}

fn main() {}
