// A gate can only be given arguments of its step.
use flow::prelude::*;

#[gate]
fn small(points: &u32, years: &u32) -> Verdict {
    Verdict::ensure(points < years, "too many")
}

#[step(gate = small(yaers))]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
