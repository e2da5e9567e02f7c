// Nothing stands in for what may have happened.
use flow::prelude::*;

#[step]
async fn store(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[step(effect = irreversible, fallback = store)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

fn main() {}
