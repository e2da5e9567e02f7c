// No step in a branch of a race has a `compensate` step.
use flow::prelude::*;

#[step(effect = idempotent, compensate = release)]
async fn reserve(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[step(effect = idempotent)]
async fn release(shop: u32) -> Result<()> {
    let _ = shop;
    Ok(())
}

#[step]
async fn ask(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(reserve(shop), ask(shop))
}

fn main() {}
