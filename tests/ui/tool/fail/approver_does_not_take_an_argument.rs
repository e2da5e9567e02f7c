// Whoever approves an irreversible effect sees all of its arguments.
use flow::prelude::*;

#[step(human, timeout = "2d")]
async fn confirm(order: &str) -> Result<Verdict>;

#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

fn main() {}
