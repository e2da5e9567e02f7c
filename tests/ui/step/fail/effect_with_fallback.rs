// A step with an irreversible effect cannot have a fallback.
use flow::prelude::*;

#[step]
async fn store(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[step(effect = irreversible, fallback = store)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

fn main() {}
