// A state must be taken by reference.
use flow::prelude::*;

pub struct Db;

#[step]
async fn score(years: u32, #[state] db: Db) -> Result<u32> {
    Ok(years)
}

fn main() {}
