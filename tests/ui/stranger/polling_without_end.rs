// A loop around steps needs a bound.
// says: a loop around steps needs a bound
// says: add `#[bound(N)]` before it

use flow::prelude::*;

#[step]
async fn status(job: u64) -> Result<bool> { Ok(job > 3) }
#[workflow]
async fn wait_for(job: u64) -> Result<bool> {
    loop {
        if status(job).await? {
            return Ok(true);
        }
    }
}

fn main() {}
