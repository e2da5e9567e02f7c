// An option for model steps on a code step.
// says: option `repair` requires a model step
// says: step `parse` is a code step: remove it, or add `model = MODEL`

use flow::prelude::*;

#[step(repair = 2)]
async fn parse(text: &str) -> Result<u64> { Ok(text.len() as u64) }
#[workflow]
async fn read(text: String) -> Result<u64> { parse(&text).await }

fn main() {}
