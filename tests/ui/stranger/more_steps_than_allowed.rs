// More steps than the workflow allows.
// says: workflow `nightly` has a worst case of 24 steps
// says: 12 rounds of `for file in &files`: 12 × 2 = 24
// says: raise the limit

use flow::prelude::*;

#[step]
async fn extract(file: &str) -> Result<u64> { Ok(file.len() as u64) }
#[step]
async fn load(rows: u64) -> Result<u64> { Ok(rows) }
#[workflow(max_steps = 20)]
async fn nightly(files: Vec<String>) -> Result<u64> {
    let mut rows = 0;
    #[bound(12)]
    for file in &files {
        rows += load(extract(file).await?).await?;
    }
    Ok(rows)
}

fn main() {}
