// With `strict`, a method that turns an error into `Ok` must undo what was done before, like an arm.
// errors: 14
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

#[step]
async fn is_paid(cents: u32) -> Result<bool> {
    Ok(cents > 0)
}

#[workflow(strict)]
async fn a_value_instead(cents: u32) -> Result<u32> {
    pay(cents).await?;
    Ok(ship(cents).await.unwrap_or(0))
}

#[workflow(strict)]
async fn a_made_value(cents: u32) -> Result<u32> {
    pay(cents).await?;
    let shipped = ship(cents).await;
    Ok(shipped.unwrap_or_else(|error| error.message().len() as u32))
}

#[workflow(strict)]
async fn the_default(cents: u32) -> Result<u32> {
    pay(cents).await?;
    return Ok(ship(cents).await.unwrap_or_default() + 1);
}

#[workflow(strict)]
async fn another_result(cents: u32) -> Result<u32> {
    pay(cents).await?;
    ship(cents).await.or(Ok(0))
}

#[workflow(strict)]
async fn a_made_result(cents: u32) -> Result<u32> {
    pay(cents).await?;
    ship(cents).await.or_else(|error| if error.is_retryable() { Ok(0) } else { Err(error) })
}

#[workflow(strict)]
async fn either_result(cents: u32) -> Result<u32> {
    pay(cents).await?;
    ship(cents).await.map_or(Ok(0), Ok)
}

#[workflow(strict)]
async fn either_value(cents: u32) -> Result<u32> {
    pay(cents).await?;
    Ok(ship(cents).await.map_or(0, |shipped| shipped + 1))
}

#[workflow(strict)]
async fn whether_it_went_well(cents: u32) -> Result<bool> {
    pay(cents).await?;
    Ok(ship(cents).await.is_ok())
}

#[workflow(strict)]
async fn whether_it_failed(cents: u32) -> Result<bool> {
    pay(cents).await?;
    let (shipped, again) = join!(ship(cents), ship(1));
    Ok(shipped.is_err() && again?.is_power_of_two())
}

#[workflow(strict)]
async fn what_went_well(cents: u32) -> Result<Option<u32>> {
    pay(cents).await?;
    Ok(ship(cents).await.ok())
}

#[workflow(strict)]
async fn a_word_for_it(cents: u32) -> Result<u32> {
    pay(cents).await?;
    if is_paid(cents).await.unwrap_or(false) { ship(cents).await } else { Ok(0) }
}

#[workflow(strict)]
async fn a_choice_of_it(cents: u32) -> Result<u32> {
    pay(cents).await?;
    match ship(cents).await.unwrap_or_default() {
        0 => Ok(0),
        _ => flow::bail!("shipped"),
    }
}

#[workflow(strict)]
async fn a_comparison(cents: u32) -> Result<u32> {
    pay(cents).await?;
    if ship(cents).await.unwrap_or(0) > 3 {
        return Ok(1);
    }
    ship(1).await
}

#[workflow(strict)]
async fn a_part_of_a_value(cents: u32) -> Result<(u32, u32)> {
    pay(cents).await?;
    Ok((
        1,
        match ship(cents).await {
            Ok(shipped) => shipped,
            Err(_) => 0,
        },
    ))
}

fn main() {}
