// A human step cannot be retried.
use flow::prelude::*;

#[step(human, timeout = "3d", retry = 2)]
async fn approve(years: u32) -> Result<Review<u32>>;

fn main() {}
