//! Answers that are reused by other runs.

use std::time::Duration;

use flow::journal::Memory;
use flow::prelude::*;
use flow::run::{Record, RunId};

use super::support::Counts;

const FAST: Model = Model::new("none/fast");

#[step(cache("24h"))]
async fn measure(text: &str, #[state] counts: &Counts) -> Result<usize> {
    counts.count(format!("measure {text}"));
    Ok(text.len())
}

#[step(model = FAST, prompt = "Rate {{ text }}.", cache)]
async fn rate(text: &str) -> Result<u32>;

#[workflow]
async fn judge(text: String, #[state] counts: &Counts) -> Result<usize> {
    let (one, two) = try_join!(measure(&text, counts), measure(&text, counts))?;
    Ok(one + two + rate(&text).await? as usize)
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_given_to_other_runs_at_the_same_place() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let seen = counts.clone();
    let build = || {
        let seen = seen.clone();
        let runtime = Runtime::test().journal(journal.clone()).state(seen.clone()).with(rate, move |text: String| {
            seen.count(format!("rate {text}"));
            Ok(7)
        });
        runtime.build().unwrap()
    };
    let (runtime, happened) = build();
    assert_eq!(runtime.run(judge("abc".into()).id("first")).await.unwrap(), 13);
    // Within a run, two calls with the same input give two answers.
    assert_eq!(counts.all(), [("measure abc".into(), 2), ("rate abc".into(), 1)]);
    assert!(!happened.lines().iter().any(|line| line.starts_with("did reuse")));

    let (runtime, happened) = build();
    assert_eq!(runtime.run(judge("abc".into()).id("second")).await.unwrap(), 13);
    assert_eq!(counts.all(), [("measure abc".into(), 2), ("rate abc".into(), 1)]);
    let reused: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("did reuse")).collect();
    assert_eq!(reused, ["did reuse measure", "did reuse measure.2", "did reuse rate"]);
    let records = runtime.records(&RunId::named("second")).await.unwrap();
    let told = records
        .iter()
        .filter(|record| matches!(record, Record::StepFinished { cached: true, spent, .. } if spent.is_nothing()));
    assert_eq!(told.count(), 3);
    assert!(!records.iter().any(|record| matches!(record, Record::Attempt(_))));

    // A different input misses the cache, and so does an expired entry.
    runtime.run(judge("abcd".into())).await.unwrap();
    assert_eq!(counts.of("measure abcd"), 2);
    flow::tokio::time::sleep(Duration::from_secs(25 * 3600)).await;
    runtime.run(judge("abc".into())).await.unwrap();
    assert_eq!((counts.of("measure abc"), counts.of("rate abc")), (4, 1));
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_nothing_is_kept() {
    let counts = Counts::default();
    let runtime = Runtime::test().answer(rate, 1).state(counts.clone()).build().unwrap().0;
    for _ in 0..2 {
        runtime.run(judge("abc".into())).await.unwrap();
    }
    assert_eq!(counts.of("measure abc"), 4);
}

#[workflow]
async fn measured(text: String, #[state] counts: &Counts) -> Result<usize> {
    measure(&text, counts).await
}

#[tokio::test(start_paused = true)]
async fn answers_may_be_kept_elsewhere_than_in_the_journal() {
    let (cache, counts) = (Memory::new(), Counts::default());
    for _ in 0..2 {
        // Two independent journals.
        let runtime = Runtime::builder().journal(Memory::new()).cache(cache.clone()).state(counts.clone());
        assert_eq!(runtime.build().unwrap().run(measured("abc".into())).await.unwrap(), 3);
    }
    assert_eq!(counts.of("measure abc"), 1);
}
