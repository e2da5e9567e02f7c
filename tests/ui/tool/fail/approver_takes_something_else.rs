// The arguments of an approver are among those of its step.
use flow::prelude::*;

#[step(human, timeout = "2d")]
async fn confirm(order: &str, cents: u32, why: &str) -> Result<Verdict>;

#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

fn main() {}
