//! Who wins, and what the others leave.

use flow::ErrorKind;
use flow::prelude::*;

use super::support::{Log, hare, tortoise, two};

async fn race(hares: u32, tortoises: u32) -> (Result<u32>, Vec<String>) {
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone());
    (runtime.run(two(hares, tortoises)).await, log.all())
}

#[tokio::test(start_paused = true)]
async fn the_first_that_succeeds_wins_and_the_others_are_dropped() {
    let (first, log) = race(1, 2).await;
    assert_eq!(first.unwrap(), 1);
    assert_eq!(log, ["hare", "tortoise", "tortoise dropped", "pack"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_leaves_the_others_running() {
    let (first, log) = race(0, 2).await;
    assert_eq!(first.unwrap(), 2);
    assert_eq!(log, ["hare", "tortoise", "pack"]);
}

#[tokio::test(start_paused = true)]
async fn if_all_fail_the_race_fails_with_the_error_of_each() {
    let error = race(0, 0).await.0.unwrap_err();
    assert_eq!(
        error.in_run().to_string(),
        "at `race`: none of the 2 branches of `race_ok!` succeeded\n  branch 1: step `hare` at `race[0]/hare`: the hare sleeps\n  branch 2: step `tortoise` at `race[1]/tortoise`: the tortoise is lost"
    );
    assert_eq!(error.kind(), &ErrorKind::Terminal);
    assert_eq!(
        error.branches().map(|error| error.message()).collect::<Vec<_>>(),
        ["the hare sleeps", "the tortoise is lost"]
    );
    assert_eq!(error.to_json()["branches"][1]["place"], "race[1]/tortoise");
}

#[step]
async fn busy(number: u32) -> Result<u32> {
    Err(flow::retryable(format!("{number}")))
}

#[workflow]
async fn handled(number: u32, #[state] log: &Log) -> Result<String> {
    match race_ok!(busy(number), hare(number, log)) {
        Ok(first) => Ok(first.to_string()),
        Err(error) => Ok(format!("{:?} {}", error.kind(), error.is_retryable())),
    }
}

#[tokio::test(start_paused = true)]
async fn a_race_may_be_handled() {
    let runtime = Runtime::test().state(Log::default()).build().unwrap().0;
    assert_eq!(runtime.run(handled(0)).await.unwrap(), "Retryable true");
    assert_eq!(runtime.run(handled(3)).await.unwrap(), "3");
}

/// The slow one starts only if the fast one takes too long.
#[workflow]
async fn hedged(hares: u32, #[state] log: &Log) -> Result<u32> {
    race_ok!(tortoise(hares, log), async {
        flow::sleep("15ms").await?;
        hare(hares + 1, log).await
    })
}

#[tokio::test(start_paused = true)]
async fn a_branch_may_start_later() {
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).build().unwrap().0;
    assert_eq!(runtime.run(hedged(1)).await.unwrap(), 1);
    assert_eq!(log.all(), ["tortoise", "hare", "hare dropped"]);
    assert_eq!(runtime.run(hedged(0)).await.unwrap(), 1);
}

/// A race in a race, in a loop, and two in one workflow.
#[workflow]
async fn nested(rounds: Vec<u32>, #[state] log: &Log) -> Result<u32> {
    let mut sum = 0;
    for number in &rounds {
        let inner = race_ok!(async { race_ok!(hare(*number, log), hare(0, log)) }, tortoise(9, log))?;
        sum += race_ok!(tortoise(inner, log), hare(0, log))?;
    }
    Ok(sum)
}

#[tokio::test(start_paused = true)]
async fn races_have_places_of_their_own() {
    let (runtime, happened) = Runtime::test().state(Log::default()).build().unwrap();
    assert_eq!(runtime.run(nested(vec![4, 0])).await.unwrap(), 13);
    let lines = happened.lines().join("\n");
    for place in ["for[0]/race[0]/race.2[0]/hare", "for[1]/race[1]/tortoise", "for[1]/race.3[0]/tortoise"] {
        assert!(lines.contains(place), "{place} in {lines}");
    }
}

#[tokio::test(start_paused = true)]
async fn outside_a_workflow_nothing_is_recorded() {
    async fn number(of: Result<u32>, millis: u64) -> Result<u32> {
        tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
        of
    }
    let first: Result<u32> = async { race_ok!(number(Ok(1), 9), number(Ok(2), 3)) }.await;
    assert_eq!(first.unwrap(), 2);
    let failed: Result<u32> =
        async { race_ok!(number(Err(flow::retryable("one")), 2), number(Err(flow::retryable("two")), 1)) }.await;
    assert!(failed.unwrap_err().to_string().ends_with("branch 1: one\n  branch 2: two"));
}

#[step]
async fn name(number: u32) -> Result<String> {
    Ok(number.to_string())
}

/// The type of a block may follow from the other branches.
#[workflow]
async fn blocks(number: u32) -> Result<String> {
    race_ok!(
        async {
            name(number).await?;
            flow::bail!("never")
        },
        async {
            name(number).await?;
            Ok("unknown".into())
        },
        async {
            name(number).await?;
            Ok(Default::default())
        },
        async { Ok(name(number).await?.parse().map_err(|_| flow::retryable("odd"))?) },
        async { Err(flow::retryable("never")) },
        name(number)
    )
}

#[tokio::test(start_paused = true)]
async fn the_type_of_a_block_follows_from_the_others() {
    assert_eq!(Runtime::test().run(blocks(3)).await.unwrap(), "unknown");
}

const MODEL: Model = Model::new("fake/model");

#[step(model = MODEL, prompt = "{{ number }}")]
async fn ask(number: u32) -> Result<u32>;

#[workflow]
async fn asking(number: u32, #[state] log: &Log) -> Result<u32> {
    race_ok!(ask(number), tortoise(number, log))
}

/// A script that lacks a step is a mistake in the test, not a branch that fails.
#[tokio::test(start_paused = true)]
async fn a_failure_that_is_not_of_the_work_ends_the_race() {
    let error = Runtime::test().state(Log::default()).run(asking(3)).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Setup);
    assert!(error.to_string().contains("ask"), "{error}");
}
