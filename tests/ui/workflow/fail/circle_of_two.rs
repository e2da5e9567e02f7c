// Workflows must not call each other in a cycle.
use flow::prelude::*;

#[workflow]
async fn ping(turn: u32) -> Result<u32> {
    pong(turn).await
}

#[workflow]
async fn pong(turn: u32) -> Result<u32> {
    ping(turn).await
}

fn main() {}
