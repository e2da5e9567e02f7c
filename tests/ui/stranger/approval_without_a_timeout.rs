// A human step needs a timeout.
// says: human step `approve` has no timeout
// says: `timeout = "3d"`

use flow::prelude::*;

#[contract]
pub struct Claim { pub cents: u64 }
#[step(human)]
async fn approve(claim: &Claim) -> Result<flow::Review<Claim>>;
#[workflow]
async fn settle(claim: Claim) -> Result<u64> {
    match approve(&claim).await? {
        flow::Review::Accept(claim) | flow::Review::Edit(claim) => Ok(claim.cents),
        flow::Review::Reject { reason } => flow::bail!("{reason}"),
    }
}

fn main() {}
