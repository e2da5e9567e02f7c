// With `strict`, an arm that handles an error may undo, fail, continue, or have nothing to undo; `keeps_effects` allows the rest.

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

#[step]
async fn ship(cents: u32) -> Result<u32> {
    Ok(cents)
}

#[step]
async fn is_paid(cents: u32) -> Result<bool> {
    Ok(cents > 0)
}

#[step]
async fn find(cents: u32) -> Result<Option<u32>> {
    Ok(Some(cents))
}

#[workflow(strict)]
async fn undoes(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = match ship(cents).await {
        Ok(shipped) => shipped,
        Err(_) => {
            flow::undo().await?;
            return Ok(0);
        }
    };
    ship(shipped).await
}

#[workflow(strict)]
async fn undoes_by_another_name(cents: u32) -> Result<u32> {
    let paid = pay(cents).await?;
    if let Err(error) = ship(paid).await {
        take_back().await?;
        return Ok(error.message().len() as u32);
    }
    Ok(paid)
}

#[workflow(strict)]
async fn fails(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(error) if cents == 0 => flow::bail!("nothing to ship: {}", error.message()),
        Err(error) if cents == 1 => return Err(error),
        other => other,
    }
}

#[workflow(strict)]
async fn goes_on(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = match ship(cents).await {
        Ok(shipped) => shipped,
        Err(_) => 0,
    };
    if ship(shipped).await.is_err() {
        ship(1).await?;
    }
    if ship(shipped).await.is_ok() {
        return Ok(shipped);
    }
    Ok(shipped)
}

/// A failed step has no effect to undo, and a failed workflow has already undone its steps.
#[workflow(strict)]
async fn nothing_is_done(cents: u32) -> Result<u32> {
    let paid = pay(cents).await;
    let paid = match paid {
        Ok(paid) => paid,
        Err(_) => return Ok(0),
    };
    flow::undo().await?;
    match fails(paid).await {
        Ok(paid) => Ok(paid),
        Err(_) => Ok(0),
    }
}

#[workflow(strict)]
async fn nothing_is_done_in_every_form(cents: u32) -> Result<u32> {
    let paid = pay(cents).await;
    if matches!(paid, Err(_)) {
        return Ok(0);
    }
    if paid.is_err() || paid.as_ref().is_ok_and(|paid| *paid == 0) {
        flow::undo().await?;
        return Ok(1);
    }
    flow::undo().await?;
    let Some(paid) = pay(cents).await.ok() else { return Ok(2) };
    flow::undo().await?;
    match join!(pay(paid), ship(1)) {
        (Ok(paid), Ok(shipped)) => Ok(paid + shipped),
        (Err(_), _) => Ok(3),
        (_, Err(_)) => {
            flow::undo().await?;
            Ok(4)
        }
    }
}

/// The variable no longer holds the first failure, and neither payment was made.
#[workflow(strict)]
async fn tries_again(cents: u32) -> Result<u32> {
    let mut paid = pay(cents).await;
    if paid.is_err() {
        paid = pay(1).await;
    }
    match paid {
        Ok(paid) => Ok(paid),
        Err(_) => match pay(2).await {
            Ok(paid) => Ok(paid),
            Err(_) => Ok(0),
        },
    }
}

#[workflow(strict)]
async fn one_or_the_other(cents: u32) -> Result<u32> {
    let paid = if cents > 9 { pay(cents).await } else { pay(9).await };
    let Ok(paid) = paid else { return Ok(0) };
    Ok(paid)
}

#[workflow(strict)]
async fn undoes_in_each_way(orders: Vec<u32>) -> Result<u32> {
    for cents in orders {
        let paid = pay(cents).await?;
        if ship(paid).await.is_err() {
            match ship(1).await {
                Ok(_) => flow::undo().await?,
                Err(error) if error.is_retryable() => take_back().id("again").await?,
                Err(error) => return Err(error),
            }
            return Ok(0);
        }
    }
    #[bound(3)]
    loop {
        pay(1).await?;
        match ship(1).await {
            Err(_) => {
                flow::undo().await?;
                break Ok(0);
            }
            Ok(0) => {}
            shipped => break shipped,
        }
    }
}

#[workflow(strict)]
async fn undoes_in_each_turn(orders: Vec<u32>) -> Result<usize> {
    let count = orders.len();
    for cents in orders {
        flow::undo().await?;
        match pay(cents).await {
            Ok(_) => {}
            Err(_) => return Ok(0),
        }
    }
    Ok(count)
}

/// A failure in plain code is not a step's failure.
#[workflow(strict)]
async fn plain_results(text: String) -> Result<u32> {
    let paid = pay(1).await?;
    match text.parse::<u32>() {
        Ok(_) => {}
        Err(_) => return Ok(0),
    }
    if text.parse::<u8>().is_err() {
        return Ok(1);
    }
    ship(paid).await
}

#[workflow(strict)]
async fn in_another_arm(cents: u32) -> Result<u32> {
    match ship(cents).await {
        Ok(shipped) => pay(shipped).await,
        Err(_) => Ok(0),
    }
}

#[workflow(strict)]
async fn returns_from_an_item(orders: Vec<u32>) -> Result<u32> {
    pay(1).await?;
    let shipped = map(orders, async |cents| match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(_) => Ok(0),
    })
    .await?;
    let (first, second) = try_join!(
        async {
            match ship(1).await {
                Ok(shipped) => Ok(shipped),
                Err(_) => return Ok(0),
            }
        },
        ship(2)
    )?;
    Ok(shipped.len() as u32 + first + second)
}

/// Code that continues after a failure may still undo or fail.
#[workflow(strict)]
async fn goes_on_with_a_value(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = ship(cents).await.unwrap_or(0);
    let again = ship(shipped).await.unwrap_or_else(|_| 1);
    let more = ship(1).await.map_or(0, |shipped| shipped + 1);
    let is_shipped = ship(again).await.is_ok() && more > 0;
    if !is_shipped {
        flow::bail!("nothing is shipped");
    }
    ship(ship(shipped).await.unwrap_or_default()).await
}

#[workflow(strict)]
async fn fails_in_a_method(cents: u32) -> Result<u32> {
    pay(cents).await?;
    if cents == 0 {
        return ship(cents).await.or_else(|error| Err(error));
    }
    if cents == 1 {
        return Ok(ship(cents).await.map_err(|error| error)?);
    }
    if cents == 2 {
        return Ok(ship(cents).await.ok().ok_or_else(|| flow::Error::terminal("not shipped"))?);
    }
    Ok(ship(cents).await.expect("it ships"))
}

/// The option is the step's output, not a failure.
#[workflow(strict)]
async fn options(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let found = find(cents).await?;
    let found = match find(found.unwrap_or_default()).await {
        Ok(found) => found.or(Some(1)),
        Err(error) => return Err(error),
    };
    if find(1).await?.is_some_and(|found| found == 0) {
        return Ok(find(2).await?.unwrap_or(0));
    }
    Ok(found.map_or(0, |found| found))
}

#[workflow(strict)]
async fn nothing_is_done_before_a_method(cents: u32) -> Result<u32> {
    if cents == 0 {
        return Ok(pay(cents).await.unwrap_or(0));
    }
    ship(cents).await.or(Ok(0))
}

#[workflow(strict)]
async fn undoes_where_a_word_stands_for_a_failure(cents: u32) -> Result<u32> {
    pay(cents).await?;
    if is_paid(cents).await.unwrap_or(false) {
        return Ok(cents);
    }
    if !is_paid(cents).await.unwrap_or_default() {
        flow::undo().await?;
        Ok(0)
    } else {
        Ok(1)
    }
}

#[workflow(strict)]
async fn undoes_before_a_method(cents: u32) -> Result<bool> {
    pay(cents).await?;
    let shipped = ship(cents).await;
    if !shipped.is_ok_and(|shipped| shipped > 0) {
        flow::undo().await?;
    }
    flow::undo().await?;
    Ok(ship(cents).await.is_ok())
}

#[workflow(strict, keeps_effects)]
async fn keeps(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(_) => Ok(0),
    }
}

#[workflow]
async fn is_not_strict(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await {
        Ok(shipped) => Ok(shipped),
        Err(_) => Ok(0),
    }
}

fn main() {}
