// A person approves, not code.
use flow::prelude::*;

#[step]
async fn confirm(order: &str, cents: u32) -> Result<Verdict> { Ok(Verdict::ensure(cents < 9, order)) }

#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

fn main() {}
