// No branch of a race has an irreversible effect.
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
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(ask(shop), async {
        let asked = ask(shop).await?;
        order(asked).await
    })
}

fn main() {}
