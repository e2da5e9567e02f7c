// A workflow must not print.
// says: `eprintln!` cannot be used in a workflow
// says: print in a code step

use flow::prelude::*;

#[step]
async fn extract(file: &str) -> Result<u64> { Ok(file.len() as u64) }
#[workflow]
async fn etl(file: String) -> Result<u64> {
    let rows = extract(&file).await?;
    eprintln!("{rows} rows");
    Ok(rows)
}

fn main() {}
