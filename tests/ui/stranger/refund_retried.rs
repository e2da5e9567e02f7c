// An irreversible effect must not be retried.
// says: step `refund` has an irreversible effect
// says: remove `retry`

use flow::prelude::*;

#[step(effect = irreversible, retry = 3)]
async fn refund(order: u64) -> Result<u64> { Ok(order) }
#[workflow]
async fn complain(order: u64) -> Result<u64> { refund(order).await }

fn main() {}
