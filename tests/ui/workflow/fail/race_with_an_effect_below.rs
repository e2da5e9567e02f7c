// No workflow in a branch of a race has an irreversible effect.
use flow::prelude::*;

#[step(effect = irreversible)]
async fn order(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[step]
async fn ask(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[workflow]
async fn ask_and_order(shop: u32) -> Result<u32> {
    order(ask(shop).await?).await
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(ask(shop), ask_and_order(shop))
}

fn main() {}
