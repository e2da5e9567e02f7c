// A duration needs a unit.
// says: invalid duration `90`
// says: such as `500ms` or `3d`

use flow::prelude::*;

#[step(timeout = "90")]
async fn fetch(url: &str) -> Result<String> { Ok(url.to_owned()) }
#[workflow]
async fn crawl(url: String) -> Result<String> { fetch(&url).await }

fn main() {}
