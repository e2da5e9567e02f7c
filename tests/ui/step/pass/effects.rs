// Effects, and compensations that take the output by value, by reference, or as the reference's target.
use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Booking { pub room: String }

#[step(effect = irreversible, retry = 1, timeout = "5s", compensate = cancel)]
async fn book(room: &str) -> Result<Booking> { Ok(Booking { room: room.to_owned() }) }

#[step(effect = idempotent)]
async fn cancel(booking: &Booking) -> Result<()> { let _ = booking; Ok(()) }

#[step(effect = none, compensate = release)]
async fn hold(room: &str) -> Result<Booking> { Ok(Booking { room: room.to_owned() }) }

#[step(effect = idempotent, retry = 3)]
async fn release(booking: Booking) -> Result<u32> { Ok(booking.room.len() as u32) }

#[step(compensate = unname)]
async fn name(room: &str) -> Result<String> { Ok(room.to_owned()) }

#[step(effect = idempotent)]
async fn unname(name: &str) -> Result<()> { let _ = name; Ok(()) }

#[step(compensate = unlist)]
async fn list(rooms: u32) -> Result<Vec<u32>> { Ok(vec![rooms]) }

#[step(effect = idempotent)]
async fn unlist(rooms: &[u32]) -> Result<()> { let _ = rooms; Ok(()) }

fn main() {}
