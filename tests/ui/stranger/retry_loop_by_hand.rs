// A `while` loop around steps needs a bound.
// says: a loop around steps needs a bound
// says: `#[bound(N, break)]`

use flow::prelude::*;

#[contract]
pub struct Draft { pub text: String, pub good: bool }
#[step]
async fn write(brief: &str) -> Result<Draft> { Ok(Draft { text: brief.to_owned(), good: false }) }
#[step]
async fn polish(draft: &Draft) -> Result<Draft> { Ok(Draft { text: draft.text.clone(), good: true }) }
#[workflow]
async fn author(brief: String) -> Result<String> {
    let mut draft = write(&brief).await?;
    while !draft.good {
        draft = polish(&draft).await?;
    }
    Ok(draft.text)
}

fn main() {}
