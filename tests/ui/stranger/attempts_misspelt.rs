// An option that does not exist.
// says: unknown option `retries`
// says: did you mean `retry`?

use flow::prelude::*;

#[step(retries = 3)]
async fn fetch(url: &str) -> Result<String> { Ok(url.to_owned()) }
#[workflow]
async fn crawl(url: String) -> Result<String> { fetch(&url).await }

fn main() {}
