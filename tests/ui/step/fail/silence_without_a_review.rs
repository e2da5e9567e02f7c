// Only a review has a decision that silence can stand for.
use flow::prelude::*;

#[step(human, timeout = "3d", on_timeout = accept)]
async fn approve(years: u32) -> Result<u32>;

fn main() {}
