// An option is set twice.
// says: step `fetch` sets option `timeout` twice: remove one of them
// says: see flow::errors::option

use flow::prelude::*;

#[step(timeout = "5s", timeout = "10s")]
async fn fetch(url: &str) -> Result<String> { Ok(url.to_owned()) }
#[workflow]
async fn crawl(url: String) -> Result<String> { fetch(&url).await }

fn main() {}
