// An irreversible effect must not be retried.
use flow::prelude::*;

#[step(effect = irreversible, retry = 3, timeout = "5s")]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

fn main() {}
