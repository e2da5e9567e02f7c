// `keep` takes a duration in days, hours, minutes, seconds or milliseconds.
use flow::prelude::*;

#[step(signal, keep = "a week")]
async fn paid(order: u32) -> Result<u32>;

fn main() {}
