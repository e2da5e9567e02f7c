// A cycle of workflows is reported once, with its path.
use flow::prelude::*;

#[workflow]
async fn a(turn: u32) -> Result<u32> {
    b(turn).await
}

#[workflow]
async fn b(turn: u32) -> Result<u32> {
    c(turn).await
}

#[workflow]
async fn c(turn: u32) -> Result<u32> {
    a(turn).await
}

fn main() {}
