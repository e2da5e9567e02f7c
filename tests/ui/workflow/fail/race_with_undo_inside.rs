// `flow::undo` is not called in a branch of a race.
use flow::prelude::*;

#[step]
async fn ask(shop: u32) -> Result<u32> {
    Ok(shop)
}

#[workflow]
async fn buy(shop: u32) -> Result<u32> {
    race_ok!(ask(shop), async {
        flow::undo().await?;
        ask(2).await
    })
}

fn main() {}
