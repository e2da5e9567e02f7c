// A run does not wait for a person for ever.
use flow::prelude::*;

#[step(human)]
async fn approve(years: u32) -> Result<Review<u32>>;

fn main() {}
