// A step that returns nothing says what it does.
use flow::prelude::*;

#[step]
async fn send(mail: &str) -> Result<()> { let _ = mail; Ok(()) }

fn main() {}
