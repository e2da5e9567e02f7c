// What a race returns fits the next step, whichever branch wins.
use flow::prelude::*;

#[contract]
struct Price {
    cents: i64,
}

#[contract]
struct Offer {
    cents: u32,
}

#[step]
async fn ask(shop: u32) -> Result<Price> {
    Ok(Price { cents: i64::from(shop) })
}

#[step]
async fn pay(offer: Offer) -> Result<u32> {
    Ok(offer.cents)
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    let price = race_ok!(ask(shop), ask(2))?;
    pay(price).await
}

fn main() {}
