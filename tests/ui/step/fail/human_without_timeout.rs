// A human step needs a timeout.
use flow::prelude::*;

#[step(human)]
async fn approve(years: u32) -> Result<Review<u32>>;

fn main() {}
