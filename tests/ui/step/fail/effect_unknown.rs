// The effects are `none`, `idempotent` and `irreversible`.
use flow::prelude::*;

#[step(effect = ireversible)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

fn main() {}
