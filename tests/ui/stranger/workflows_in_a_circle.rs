// Workflows that call each other never end.
// says: workflow `escalate` calls itself: escalate -> resolve -> escalate
// says: `#[bound(N)]` loop

use flow::prelude::*;

#[workflow]
async fn escalate(ticket: u64) -> Result<u64> { resolve(ticket).await }
#[workflow]
async fn resolve(ticket: u64) -> Result<u64> { escalate(ticket).await }

fn main() {}
