// `retry(…)` without `max_attempts` makes more than one attempt.
use flow::prelude::*;

#[step(effect = irreversible, retry(initial_delay = "1s"))]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

fn main() {}
