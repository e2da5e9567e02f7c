// Only signals are kept: a person answers what waits.
use flow::prelude::*;

#[step(human, timeout = "3d", keep = "7d")]
async fn approve(years: u32) -> Result<Review<u32>>;

fn main() {}
