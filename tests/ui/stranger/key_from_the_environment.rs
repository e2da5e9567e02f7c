// A workflow must not read the environment.
// says: `std::env::var` cannot be called in a workflow
// says: pass it as an argument

use flow::prelude::*;

#[step]
async fn send(to: &str, key: &str) -> Result<u64> { Ok((to.len() + key.len()) as u64) }
#[workflow]
async fn mail(to: String) -> Result<u64> {
    let key = std::env::var("MAIL_KEY").unwrap_or_default();
    send(&to, &key).await
}

fn main() {}
