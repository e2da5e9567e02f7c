// `flow::undo` may be called in branches and loops, and in a sub-workflow wherever it runs.

use flow::prelude::*;

#[step(effect = idempotent, compensate = refund)]
async fn pay(cents: u32) -> Result<u32> {
    Ok(cents)
}

#[step(effect = idempotent)]
async fn refund(cents: u32) -> Result<()> {
    let _ = cents;
    Ok(())
}

#[workflow]
async fn one(cents: u32) -> Result<u32> {
    let paid = pay(cents).await?;
    if paid > 100 {
        flow::undo().await?;
    }
    Ok(paid)
}

#[workflow]
async fn all(orders: Vec<u32>) -> Result<usize> {
    let (first, _) = try_join!(one(1), one(2))?;
    let paid = map(orders, async |cents| one(cents).await).await?;
    for cents in paid {
        match pay(cents).await {
            Ok(_) => {}
            Err(_) => flow::undo().await?,
        }
    }
    let _ = flow::undo().await;
    Ok(first as usize)
}

fn main() {
    let _ = all(vec![1]);
}
