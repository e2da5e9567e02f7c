// A duration has a unit.
// says: `90` is no duration
// says: as in `500ms`, `30s`

use flow::prelude::*;

#[step(timeout = "90")]
async fn fetch(url: &str) -> Result<String> { Ok(url.to_owned()) }
#[workflow]
async fn crawl(url: String) -> Result<String> { fetch(&url).await }

fn main() {}
