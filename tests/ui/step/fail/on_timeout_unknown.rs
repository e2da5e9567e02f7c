// `on_timeout` is `fail`, `accept` or `reject`.
use flow::prelude::*;

#[step(human, timeout = "3d", on_timeout = ignore)]
async fn approve(years: u32) -> Result<Review<u32>>;

fn main() {}
