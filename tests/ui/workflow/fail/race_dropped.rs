// The `Result` of a race is not dropped.
use flow::prelude::*;

#[step]
async fn ask(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(ask(shop), ask(2));
    ask(3).await
}

fn main() {}
