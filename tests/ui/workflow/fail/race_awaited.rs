// A race awaits its branches itself.
use flow::prelude::*;

#[step]
async fn ask(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(ask(shop).await, ask(2)).await
}

fn main() {}
