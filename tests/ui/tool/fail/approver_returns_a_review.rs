// An approver returns a verdict.
use flow::prelude::*;

#[step(human, timeout = "2d")]
async fn confirm(order: &str, cents: u32) -> Result<Review<String>>;

#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

fn main() {}
