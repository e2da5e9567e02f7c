// An argument that is printed only sometimes is not seen.
use flow::prelude::*;

#[step(human, timeout = "2d", prompt = "Refund {{ order }}{% if cents > 100 %}: {{ cents }}{% endif %}?")]
async fn confirm(order: &str, cents: u32) -> Result<Verdict>;

#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

fn main() {}
