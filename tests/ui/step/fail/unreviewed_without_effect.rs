// `unreviewed` requires an irreversible effect.
use flow::prelude::*;

#[step(effect = idempotent, unreviewed)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

fn main() {}
