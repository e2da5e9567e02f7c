// A gate must be given all its arguments.
use flow::prelude::*;

#[gate]
fn small(points: &u32, years: &u32) -> Verdict {
    Verdict::ensure(points < years, "too many")
}

#[step(gate = small)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
