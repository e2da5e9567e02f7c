//! A workflow that fails undoes its finished steps before its caller sees the error.

mod by_hand;
mod cancelled;
mod mishaps;
mod random;
mod support;

use std::time::Duration;

use flow::prelude::*;
use support::{check, log};

#[step(effect = idempotent, compensate = refund)]
async fn pay(n: u32) -> Result<u32> {
    log(format!("pay {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn refund(n: u32) -> Result<()> {
    log(format!("refund {n}"));
    Ok(())
}

#[step]
async fn ship(n: u32) -> Result<u32> {
    log(format!("ship {n}"));
    if n.is_multiple_of(2) { Ok(n) } else { flow::bail!("{n} is sold out") }
}

#[step]
async fn slow(seconds: u32) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    Ok(seconds)
}

/// Fails for an odd number.
#[workflow]
async fn fulfil(n: u32) -> Result<u32> {
    pay(n).await?;
    ship(n).await
}

#[workflow]
async fn by_match(n: u32) -> Result<String> {
    match fulfil(n).await {
        Ok(n) => Ok(format!("shipped {n}")),
        Err(error) => Ok(format!("failed: {}", error.message())),
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_handles_the_error_finds_the_effects_undone() {
    check(|| by_match(1), "failed: 1 is sold out", &["pay 1", "ship 1", "refund 1"]).await;
    check(|| by_match(2), "shipped 2", &["pay 2", "ship 2"]).await;
}

#[workflow]
async fn by_ok(n: u32) -> Result<String> {
    let shipped = fulfil(n).await.ok();
    pay(8).await?;
    Ok(format!("{shipped:?}"))
}

#[tokio::test(start_paused = true)]
async fn what_is_done_after_the_error_is_kept() {
    check(|| by_ok(1), "None", &["pay 1", "ship 1", "refund 1", "pay 8"]).await;
}

#[workflow]
async fn by_unwrap_or(n: u32) -> Result<String> {
    let shipped = fulfil(n).await.unwrap_or(0);
    let again = fulfil(n + 1).await.unwrap_or_default();
    if let Err(error) = fulfil(n + 2).await {
        return Ok(format!("{shipped} {again} {}", error.message()));
    }
    Ok("all".into())
}

#[tokio::test(start_paused = true)]
async fn each_failure_undoes_its_own_steps_alone() {
    let done = ["pay 1", "ship 1", "refund 1", "pay 2", "ship 2", "pay 3", "ship 3", "refund 3"];
    check(|| by_unwrap_or(1), "0 2 3 is sold out", &done).await;
}

#[workflow]
async fn each(orders: Vec<u32>, at_once: bool) -> Result<String> {
    let all = match at_once {
        true => map(orders, async |n| fulfil(n).await).settle().await?,
        false => map(orders, async |n| fulfil(n).await).concurrency(1).settle().await?,
    };
    Ok(all.iter().map(|one| if one.is_ok() { '+' } else { '-' }).collect())
}

#[tokio::test(start_paused = true)]
async fn each_item_of_a_map_undoes_its_own_steps() {
    let done = ["pay 1", "ship 1", "refund 1", "pay 2", "ship 2", "pay 3", "ship 3", "refund 3"];
    check(|| each(vec![1, 2, 3], false), "-+-", &done).await;
}

#[workflow]
async fn retried(most: u32) -> Result<String> {
    for n in 0..3 {
        if let Ok(n) = fulfil(2 * n + 1 + most * n / 2).await {
            return Ok(format!("shipped {n}"));
        }
    }
    Ok("gave up".into())
}

#[tokio::test(start_paused = true)]
async fn each_round_of_a_loop_undoes_its_own_steps() {
    check(
        || retried(0),
        "gave up",
        &["pay 1", "ship 1", "refund 1", "pay 3", "ship 3", "refund 3", "pay 5", "ship 5", "refund 5"],
    )
    .await;
    check(
        || retried(1),
        "shipped 6",
        &["pay 1", "ship 1", "refund 1", "pay 3", "ship 3", "refund 3", "pay 6", "ship 6"],
    )
    .await;
}

/// Handles the failure of its first part, and may fail in its second.
#[workflow]
async fn middle(one: u32, two: u32) -> Result<u32> {
    pay(100).await?;
    let first = fulfil(one).await.unwrap_or(0);
    Ok(first + fulfil(two).await?)
}

#[workflow]
async fn top(one: u32, two: u32, three: u32) -> Result<String> {
    pay(200).await?;
    let sum = match middle(one, two).await {
        Ok(sum) => sum,
        Err(error) => return Ok(error.message().into()),
    };
    ship(three).await?;
    Ok(format!("{sum}"))
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_ends_well_hands_its_list_to_its_caller() {
    let begun = ["pay 200", "pay 100", "pay 2", "ship 2", "pay 4", "ship 4"];
    check(|| top(2, 4, 6), "6", &[&begun[..], &["ship 6"]].concat()).await;
    let undone = ["ship 5", "refund 4", "refund 2", "refund 100", "refund 200"];
    check(|| top(2, 4, 5), "step `ship`: 5 is sold out", &[&begun[..], &undone[..]].concat()).await;
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_fails_undoes_the_list_that_it_was_handed() {
    check(
        || top(2, 3, 6),
        "3 is sold out",
        &["pay 200", "pay 100", "pay 2", "ship 2", "pay 3", "ship 3", "refund 3", "refund 2", "refund 100"],
    )
    .await;
    check(
        || top(1, 3, 6),
        "3 is sold out",
        &["pay 200", "pay 100", "pay 1", "ship 1", "refund 1", "pay 3", "ship 3", "refund 3", "refund 100"],
    )
    .await;
}

#[workflow]
async fn late_payer(n: u32, seconds: u32) -> Result<u32> {
    slow(seconds).await?;
    pay(n).await
}

/// The second and the third branch pay; the first fails after that.
#[workflow]
async fn branches() -> Result<u32> {
    let (a, b, c) = try_join!(
        async {
            slow(60).await?;
            ship(1).await
        },
        async {
            pay(10).await?;
            late_payer(11, 20).await?;
            slow(600).await
        },
        late_payer(12, 10)
    )?;
    Ok(a + b + c)
}

#[workflow]
async fn around_branches() -> Result<String> {
    Ok(branches().await.map_or_else(|error| error.message().into(), |n| n.to_string()))
}

#[tokio::test(start_paused = true)]
async fn steps_of_branches_are_undone_in_reverse_order_of_completion() {
    check(
        around_branches,
        "1 is sold out",
        &["pay 10", "pay 12", "pay 11", "ship 1", "refund 11", "refund 12", "refund 10"],
    )
    .await;
}

/// A branch fails in plain code; it is polled before or after the others.
#[workflow]
async fn glue(first: bool, panics: bool) -> Result<u32> {
    let (a, b) = match first {
        true => try_join!(
            async {
                slow(30).await?;
                if panics {
                    panic!("the code between the steps");
                }
                flow::bail!("enough")
            },
            pay(1)
        )?,
        false => try_join!(pay(1), async {
            slow(30).await?;
            flow::bail!("enough")
        })?,
    };
    Ok(a + b)
}

#[workflow]
async fn around_glue(first: bool, panics: bool) -> Result<String> {
    Ok(glue(first, panics).await.map_or_else(|error| error.message().into(), |n: u32| n.to_string()))
}

#[tokio::test(start_paused = true)]
async fn a_branch_that_fails_between_its_steps_undoes_those_beside_it() {
    check(|| around_glue(true, false), "enough", &["pay 1", "refund 1"]).await;
    check(|| around_glue(false, false), "enough", &["pay 1", "refund 1"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_between_the_steps_undoes_all_of_the_run() {
    check(|| around_glue(true, true), "panicked: the code between the steps", &["pay 1", "refund 1"]).await;
}

#[workflow]
async fn pays_and_waits(n: u32) -> Result<u32> {
    pay(n).await?;
    pay(n + 1).await?;
    slow(600).await
}

#[workflow]
async fn beside(n: u32) -> Result<String> {
    let (a, b) = join!(
        async {
            let (a, b) = try_join!(pays_and_waits(n), async {
                slow(60).await?;
                ship(1).await
            })?;
            Ok(a + b)
        },
        slow(300)
    );
    if a.is_err() && n == 1 {
        ship(3).await?;
    }
    Ok(format!("{} {}", a.is_ok(), b.is_ok()))
}

/// A branch is not a workflow: code that handles its failure keeps the branch's steps on its own list.
#[tokio::test(start_paused = true)]
async fn a_workflow_that_is_cancelled_hands_its_list_to_its_caller() {
    check(|| beside(4), "false true", &["pay 4", "pay 5", "ship 1"]).await;
    let done = ["pay 1", "pay 2", "ship 1", "ship 3", "refund 2", "refund 1"];
    check(|| beside(1), "step `ship` at `ship.2`: 3 is sold out", &done).await;
}
