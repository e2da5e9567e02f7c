// The body of a map with options must be a closure, not a function name.
use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Ledger {
    pub entries: Vec<String>,
}

mod steps {
    use flow::prelude::*;

    #[step]
    pub async fn check(entry: &str) -> Result<u32> {
        Ok(entry.len() as u32)
    }
}

#[workflow]
async fn screen(ledger: Ledger) -> Result<u32> {
    let checks = map(&ledger.entries, &steps::check).concurrency(4).bound(9).settle().await?;
    Ok(checks.len() as u32)
}

fn main() {}
