// A type without a contract is told once for each place it stands in.
// errors: 2
use flow::prelude::*;

pub struct Score(u32);

#[step]
pub async fn improve(score: Score) -> Result<Score> {
    Ok(score)
}

fn main() {}
