// With `strict`, an arm that handles an error and ends the workflow with `Ok` must undo what was done before it.
// errors: 13
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

#[step]
async fn ship(cents: u32) -> Result<u32> {
    Ok(cents)
}

#[workflow(strict)]
async fn by_return(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = match ship(cents).await {
        Ok(shipped) => shipped,
        Err(_) => return Ok(0),
    };
    ship(shipped).await
}

#[workflow(strict)]
async fn by_its_value(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        _ => Ok(0),
    }
}

#[workflow(strict)]
async fn in_ok(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = ship(cents).await;
    Ok(match shipped {
        Ok(shipped) => shipped,
        Err(_) => 0,
    })
}

#[workflow(strict)]
async fn by_a_step(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(_) => ship(0).await,
    }
}

#[workflow(strict)]
async fn if_let(cents: u32) -> Result<u32> {
    pay(cents).await?;
    if let Err(_) = ship(cents).await {
        return Ok(0);
    }
    Ok(1)
}

#[workflow(strict)]
async fn if_let_else(cents: u32) -> Result<u32> {
    pay(cents).await?;
    if let Ok(shipped) = ship(cents).await {
        ship(shipped).await
    } else {
        Ok(0)
    }
}

#[workflow(strict)]
async fn let_else(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let Ok(shipped) = ship(cents).await else {
        return Ok(0);
    };
    ship(shipped).await
}

#[workflow(strict)]
async fn if_it_has_failed(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = ship(cents).await;
    if shipped.is_err() {
        return Ok(0);
    }
    if !ship(1).await.is_ok() { Ok(0) } else { Ok(1) }
}

#[workflow]
async fn part(cents: u32) -> Result<u32> {
    pay(cents).await
}

#[workflow(strict)]
async fn handed_over(cents: u32) -> Result<u32> {
    part(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(_) => Ok(0),
    }
}

#[workflow(strict)]
async fn beside_it(cents: u32) -> Result<u32> {
    match try_join!(ship(cents), pay(cents)) {
        Ok((shipped, paid)) => Ok(shipped + paid),
        Err(_) => Ok(0),
    }
}

#[workflow(strict)]
async fn in_an_earlier_round(orders: Vec<u32>) -> Result<u32> {
    let mut sum = 0;
    for cents in orders {
        match pay(cents).await {
            Ok(paid) => sum += paid,
            Err(_) => return Ok(sum),
        }
    }
    Ok(sum)
}

#[workflow(strict)]
async fn after_an_undo(cents: u32) -> Result<u32> {
    pay(cents).await?;
    flow::undo().await?;
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(error) if error.is_retryable() => Ok(0),
        Err(error) => Err(error),
    }
}

fn main() {}
