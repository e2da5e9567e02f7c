// A plain async function is not a step.
// says: workflow `glossary` awaits `lookup`, which is not a step
// says: annotate `lookup` with `#[workflow]` if it awaits steps, or with `#[step]` if it does the work itself

use flow::prelude::*;

async fn lookup(word: &str) -> Result<String> { Ok(word.to_uppercase()) }
#[step]
async fn translate(word: &str) -> Result<String> { Ok(word.to_owned()) }
#[workflow]
async fn glossary(word: String) -> Result<String> {
    let entry = translate(&word).await?;
    let found = lookup(&entry).await?;
    Ok(found)
}

fn main() {}
