// A compensation must take the output of its step.
use flow::prelude::*;

#[step(effect = irreversible)]
async fn cancel(booking: u32) -> Result<()> { let _ = booking; Ok(()) }

#[step(effect = idempotent, compensate = cancel)]
async fn book(room: &str) -> Result<String> { Ok(room.to_owned()) }

fn main() {}
