// An approved step does not reuse the results of other runs.
use flow::prelude::*;

#[step(human, timeout = "2d")]
async fn confirm(order: &str, cents: u32) -> Result<Verdict>;

#[step(cache, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

fn main() {}
