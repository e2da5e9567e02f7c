// A step must be async.
// says: a step must be an async function
// says: write `async fn hash`

use flow::prelude::*;

#[step]
fn hash(text: &str) -> Result<u64> { Ok(text.len() as u64) }
fn unused() { let _ = hash; }

fn main() {}
