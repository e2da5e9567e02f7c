// A step that returns nothing must declare its effect.
use flow::prelude::*;

#[step]
async fn send(mail: &str) -> Result<()> { let _ = mail; Ok(()) }

fn main() {}
