// A compensation must be a step.
use flow::prelude::*;

async fn cancel(booking: &str) -> Result<()> { let _ = booking; Ok(()) }

#[step(compensate = cancel)]
async fn book(room: &str) -> Result<String> { Ok(room.to_owned()) }

fn main() {}
