// A race has at least two branches.
use flow::prelude::*;

#[step]
async fn ask(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(ask(shop))
}

fn main() {}
