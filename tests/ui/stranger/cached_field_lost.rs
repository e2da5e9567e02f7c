// A field that is never written is lost in an output.
// says: field `token` of `Session` would be lost
// says: step `login`

use flow::prelude::*;

#[contract]
pub struct Session { pub user: String, #[serde(skip)] pub token: String }
#[step]
async fn login(user: &str) -> Result<Session> { Ok(Session { user: user.to_owned(), token: String::new() }) }
#[workflow]
async fn open(user: String) -> Result<String> { Ok(login(&user).await?.user) }

fn main() {}
