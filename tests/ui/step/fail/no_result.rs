// A step must return a result.
use flow::prelude::*;

#[step]
async fn score(years: u32) -> u32 {
    years
}

fn main() {}
