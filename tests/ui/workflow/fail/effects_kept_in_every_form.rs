// With `strict`, code that handles an error must undo what was done before, in whatever form it checks for the error.
// errors: 20
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
async fn matches_a_pattern(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = ship(cents).await;
    if matches!(shipped, Err(_)) {
        return Ok(0);
    }
    shipped
}

#[workflow(strict)]
async fn matches_no_pattern(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = ship(cents).await;
    if !matches!(&shipped, Ok(_)) { Ok(0) } else { Ok(1) }
}

#[workflow(strict)]
async fn one_of_two(cents: u32) -> Result<u32> {
    match join!(pay(cents), ship(cents)) {
        (Ok(paid), Ok(shipped)) => Ok(paid + shipped),
        (Ok(paid), Err(_)) => Ok(paid),
        (Err(error), _) => Err(error),
    }
}

#[workflow(strict)]
async fn either_of_two(cents: u32) -> Result<u32> {
    match join!(pay(cents), ship(cents)) {
        (Ok(paid), Ok(shipped)) => Ok(paid + shipped),
        _ => Ok(0),
    }
}

#[workflow(strict)]
async fn both_or_else(cents: u32) -> Result<u32> {
    let (Ok(paid), Ok(shipped)) = join!(pay(cents), ship(cents)) else { return Ok(0) };
    Ok(paid + shipped)
}

#[workflow(strict)]
async fn one_after_the_other(cents: u32) -> Result<u32> {
    if let Ok(paid) = pay(cents).await
        && let Ok(shipped) = ship(paid).await
    {
        Ok(shipped)
    } else {
        Ok(0)
    }
}

#[workflow(strict)]
async fn a_guard(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        shipped if shipped.is_err() => Ok(0),
        shipped => shipped,
    }
}

#[workflow(strict)]
async fn a_list_of_results(orders: Vec<u32>) -> Result<u32> {
    let mut sum = 0;
    for paid in map(orders, async |cents| pay(cents).await).settle().await? {
        match paid {
            Ok(paid) => sum += paid,
            Err(_) => return Ok(sum),
        }
    }
    Ok(sum)
}

#[workflow(strict)]
async fn of_a_map(orders: Vec<u32>) -> Result<usize> {
    match map(orders, async |cents| pay(cents).await).await {
        Ok(paid) => Ok(paid.len()),
        Err(_) => Ok(0),
    }
}

#[workflow(strict)]
async fn what_went_well(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let Some(shipped) = ship(cents).await.ok() else { return Ok(0) };
    Ok(shipped)
}

#[workflow(strict)]
async fn what_failed(cents: u32) -> Result<u32> {
    pay(cents).await?;
    if let Some(error) = ship(cents).await.err() {
        return Ok(error.message().len() as u32);
    }
    if ship(1).await.ok().is_none() { Ok(0) } else { Ok(1) }
}

#[workflow(strict)]
async fn while_it_fails(cents: u32) -> Result<u32> {
    pay(cents).await?;
    #[bound(3)]
    while let Err(_) = ship(cents).await {
        if cents == 0 {
            return Ok(0);
        }
    }
    Ok(cents)
}

#[workflow(strict)]
async fn a_loop_as_the_result(cents: u32) -> Result<u32> {
    pay(cents).await?;
    #[bound(3)]
    loop {
        match ship(cents).await {
            Ok(shipped) if shipped > 0 => break Ok(shipped),
            Ok(_) => {}
            Err(_) => break Ok(0),
        }
    }
}

#[workflow(strict)]
async fn a_block_as_the_result(cents: u32) -> Result<u32> {
    pay(cents).await?;
    'shipped: {
        if ship(cents).await.is_err() {
            break 'shipped Ok(0);
        }
        ship(1).await
    }
}

#[workflow(strict)]
async fn deep_in_ok(cents: u32) -> Result<Option<u32>> {
    pay(cents).await?;
    Ok(match ship(cents).await {
        Ok(shipped) => Some(shipped),
        Err(_) => {
            if cents == 0 {
                flow::bail!("nothing to ship");
            }
            None
        }
    })
}

#[workflow(strict)]
async fn an_earlier_result(cents: u32) -> Result<u32> {
    let paid = pay(cents).await;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(_) => paid,
    }
}

#[workflow(strict)]
async fn undoes_in_one_way(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(error) => {
            if error.is_retryable() {
                flow::undo().await?;
            }
            Ok(0)
        }
    }
}

#[workflow(strict)]
async fn undoes_in_one_arm(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(_) => match ship(1).await {
            Ok(shipped) => Ok(shipped),
            Err(_) => {
                flow::undo().await?;
                Ok(0)
            }
        },
    }
}

#[workflow(strict)]
async fn paid_twice(cents: u32) -> Result<u32> {
    let mut paid = pay(cents).await;
    if paid.is_ok() {
        paid = pay(1).await;
    }
    match paid {
        Ok(paid) => Ok(paid),
        Err(_) => Ok(0),
    }
}

fn main() {}
