//! Counts words; some texts make it fail.

use flow::prelude::*;

/// The number of words.
#[step]
async fn count(text: &str) -> Result<u64> {
    match text.split_whitespace().count() {
        0 => flow::bail!("there are no words"),
        words => Ok(words as u64),
    }
}

/// Counts the words of a text.
#[workflow]
async fn words(text: String) -> Result<u64> {
    count(&text).await
}

flow::main!(words);
