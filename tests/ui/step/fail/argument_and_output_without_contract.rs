// A type without a contract is reported once per position.
// errors: 2
use flow::prelude::*;

pub struct Score(u32);

#[step]
pub async fn improve(score: Score) -> Result<Score> {
    Ok(score)
}

fn main() {}
