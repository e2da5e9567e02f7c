// A circle is told once, with the way around it.
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
