// A workflow must pass a step all of its states.
use flow::prelude::*;

pub struct Db;
pub struct Log;

#[step]
async fn load(#[state] db: &Db, name: &str, #[state] log: &Log) -> Result<u32> {
    let _ = (db, log);
    Ok(name.len() as u32)
}

#[workflow]
async fn screen(names: Vec<String>) -> Result<u32> {
    let all = map(names, async |name| load(&name).await).await?;
    Ok(all.iter().sum())
}

fn main() {}
