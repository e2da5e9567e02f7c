// A literal must not be longer than its loop's bound.
// says: the loop runs 7 times
// says: over its bound of 3

use flow::prelude::*;

#[step]
async fn translate(text: &str, language: &str) -> Result<String> { Ok(format!("{language}: {text}")) }
#[workflow]
async fn localize(text: String) -> Result<u64> {
    let mut done = 0;
    #[bound(3)]
    for language in ["de", "fr", "it", "es", "pt", "nl", "pl"] {
        done += translate(&text, language).await?.len() as u64;
    }
    Ok(done)
}

fn main() {}
