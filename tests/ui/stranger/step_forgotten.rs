// A call that is not awaited does nothing.
// says: this step is called but not awaited
// says: add `.await?`

use flow::prelude::*;

#[step(effect = idempotent)]
async fn archive(id: u64) -> Result<()> { let _ = id; Ok(()) }
#[step]
async fn close(id: u64) -> Result<String> { Ok(id.to_string()) }
#[workflow]
async fn finish(id: u64) -> Result<String> {
    archive(id);
    close(id).await
}

fn main() {}
