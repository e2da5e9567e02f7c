// A gate that does not exist is reported once.
use flow::prelude::*;

#[gate]
fn small(_years: &u32) -> Verdict {
    Verdict::accept()
}

#[step(gate = smal)]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
