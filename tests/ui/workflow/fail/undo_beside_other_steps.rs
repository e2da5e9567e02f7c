// `flow::undo` must not be called in a branch or an item, while other steps run.
// errors: 3
use flow::prelude::*;
use flow::undo as take_back;

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
async fn in_a_branch() -> Result<u32> {
    let (paid, _) = try_join!(pay(1), async {
        pay(2).await?;
        flow::undo().await
    })?;
    Ok(paid)
}

#[workflow]
async fn as_a_branch() -> Result<u32> {
    let (paid, undone) = join!(pay(1), take_back());
    undone?;
    paid
}

#[workflow]
async fn in_an_item(all: Vec<u32>) -> Result<usize> {
    let all = map(all, async |cents| {
        for _ in 0..3 {
            if pay(cents).await.is_err() {
                take_back().await?;
            }
        }
        Ok(cents)
    })
    .await?;
    Ok(all.len())
}

fn main() {}
