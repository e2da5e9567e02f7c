// A gate must take the output of its step.
use flow::prelude::*;

#[gate]
fn short(text: &String) -> Verdict {
    Verdict::ensure(text.len() < 60, "too long")
}

#[step(gate = short)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
