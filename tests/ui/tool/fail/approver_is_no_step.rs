// A person approves, not a function.
use flow::prelude::*;

fn confirm(order: &str, cents: u32) -> Verdict { Verdict::ensure(cents < 9, order) }

#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

fn main() {}
