// A step's output must survive being written and read.
use flow::prelude::*;

#[contract]
pub struct Score {
    points: u32,
    #[serde(skip)]
    cache: u32,
}

#[step]
async fn score(years: u32) -> Result<Score> {
    Ok(Score { points: years, cache: 0 })
}

fn main() {}
