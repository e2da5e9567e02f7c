// A code step needs a body.
use flow::prelude::*;

#[step]
async fn score(years: u32) -> Result<u32>;

fn main() {}
