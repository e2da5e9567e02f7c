// The output of a step must be a contract.
use flow::prelude::*;

pub struct Score(u32);

#[step]
pub async fn score(years: u32) -> Result<Score> {
    Ok(Score(years))
}

fn main() {}
