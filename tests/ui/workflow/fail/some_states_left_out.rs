// A step must be passed all of its states, not just some.
// errors: 3
use flow::prelude::*;

pub struct Db;
pub struct Log;

#[step]
async fn load(name: &str, #[state] db: &Db, #[state] log: &Log) -> Result<u32> {
    let _ = (db, log);
    Ok(name.len() as u32)
}

#[workflow]
async fn the_first(name: String, #[state] db: &Db) -> Result<u32> {
    let length = load(&name, db).await?;
    Ok(length + 1)
}

#[workflow]
async fn the_last(name: String, #[state] log: &Log) -> Result<u32> {
    load(&name, log).await
}

#[workflow]
async fn in_a_branch(name: String, #[state] db: &Db, #[state] log: &Log) -> Result<u32> {
    let (one, other) = try_join!(load(&name, db), load(&name, db, log).id("whole"))?;
    Ok(one + other)
}

fn main() {}
