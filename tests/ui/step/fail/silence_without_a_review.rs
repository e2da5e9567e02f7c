// Only a review can be decided by a timeout.
use flow::prelude::*;

#[step(human, timeout = "3d", on_timeout = accept)]
async fn approve(years: u32) -> Result<u32>;

fn main() {}
