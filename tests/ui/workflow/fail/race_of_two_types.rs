// The branches of a race return the same type.
use flow::prelude::*;

#[step]
async fn ask(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[step]
async fn name(shop: u32) -> Result<String> {
    Ok(shop.to_string())
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(ask(shop), name(shop))
}

fn main() {}
