// Only signal steps have `keep`: a person answers a step that is already waiting.
use flow::prelude::*;

#[step(human, timeout = "3d", keep = "7d")]
async fn approve(years: u32) -> Result<Review<u32>>;

fn main() {}
