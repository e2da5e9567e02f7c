// A wider integer does not fit a narrower one.
// says: step `report` cannot accept the output of step `load`
// says: at `.rows`: expected integer (0..=65535), found integer (0..=18446744073709551615)

use flow::prelude::*;

#[contract]
pub struct Loaded { pub table: String, pub rows: u64 }
#[contract]
pub struct Summary { pub table: String, pub rows: u16 }
#[step]
async fn load(table: &str) -> Result<Loaded> { Ok(Loaded { table: table.to_owned(), rows: 7 }) }
#[step]
async fn report(summary: &Summary) -> Result<String> { Ok(format!("{} {}", summary.table, summary.rows)) }
#[workflow]
async fn etl(table: String) -> Result<String> {
    let loaded = load(&table).await?;
    report(&loaded).await
}

fn main() {}
