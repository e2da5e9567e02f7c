//! Races in a journal: the choice stands, and the branches that lost are not started again.

use std::time::Duration;

use flow::journal::{Memory, Store};
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::json;
use flow::{Ending, ErrorKind, Runtime};

use super::support::{Log, hare, pack, referee, three, tortoise, two};

fn run() -> RunId {
    RunId::named("r")
}

fn runtime(journal: &Memory, log: &Log) -> Runtime {
    Runtime::test().journal(journal.clone()).state(log.clone()).build().unwrap().0
}

async fn journal(records: &[Record]) -> Memory {
    let journal = Memory::new();
    journal.append(&run(), records).await.unwrap();
    journal
}

/// The records of a complete run.
async fn records(hares: u32, tortoises: u32) -> Vec<Record> {
    let journal = Memory::new();
    let runtime = runtime(&journal, &Log::default());
    runtime.run(two(hares, tortoises).id("r")).await.unwrap();
    runtime.records(&run()).await.unwrap()
}

fn is_choice(record: &Record) -> bool {
    matches!(record, Record::BranchChosen { .. })
}

/// The record of the end of a step.
fn end_of(records: &[Record], at: &str) -> usize {
    let ends = |record: &Record| match record {
        Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => place.as_str() == at,
        _ => false,
    };
    records.iter().position(ends).unwrap_or_else(|| panic!("`{at}` has ended in {records:#?}"))
}

#[tokio::test(start_paused = true)]
async fn a_run_goes_on_from_any_of_its_records() {
    for (hares, tortoises, wins, loser) in [(1, 2, 1, "tortoise"), (0, 2, 2, "hare")] {
        let records = records(hares, tortoises).await;
        let chosen = records.iter().position(is_choice).unwrap();
        for kept in 1..records.len() {
            let (journal, log) = (journal(&records[..kept]).await, Log::default());
            let runtime = runtime(&journal, &log);
            assert_eq!(runtime.run(two(hares, tortoises).id("r")).await.unwrap(), wins, "after {kept} records");
            let begun = log.all();
            if kept > chosen {
                assert!(!begun.iter().any(|line| line.starts_with(loser)), "after {kept} records: {begun:?}");
                assert!(!begun.iter().any(|line| line == "hare" || line == "tortoise"), "after {kept}: {begun:?}");
            }
            let again = runtime.records(&run()).await.unwrap();
            assert_eq!(again.iter().filter(|record| is_choice(record)).count(), 1, "after {kept} records");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_branch_that_is_complete_in_the_records_wins() {
    let records = records(0, 2).await;
    let log = Log::default();
    let runtime = runtime(&journal(&records[..=end_of(&records, "race[1]/tortoise")]).await, &log);
    assert_eq!(runtime.run(two(0, 2).id("r")).await.unwrap(), 2);
    assert_eq!(log.all(), ["pack"]);
}

/// The hare has not ended, so it would start again, but its sibling has.
#[tokio::test(start_paused = true)]
async fn the_other_branches_are_given_up() {
    let mut records = records(0, 2).await;
    let failed = end_of(&records, "race[0]/hare");
    records.remove(failed);
    let log = Log::default();
    let kept = end_of(&records, "race[1]/tortoise");
    let runtime = runtime(&journal(&records[..=kept]).await, &log);
    assert_eq!(runtime.run(two(0, 2).id("r")).await.unwrap(), 2);
    let choice = runtime.records(&run()).await.unwrap().into_iter().find(is_choice);
    assert!(matches!(choice, Some(Record::BranchChosen { branch: 1, .. })), "{choice:?}");
}

#[tokio::test(start_paused = true)]
async fn of_several_complete_branches_the_first_written_wins() {
    let mut records = records(1, 2).await;
    records.truncate(end_of(&records, "race[0]/hare") + 1);
    // A tortoise that has ended before the hare.
    let all = self::records(0, 2).await;
    let mut tortoise = all[end_of(&all, "race[1]/tortoise")].clone();
    if let Record::StepFinished { output, .. } = &mut tortoise {
        *output = json!(2);
    }
    records.insert(records.len() - 1, tortoise);
    let log = Log::default();
    let runtime = runtime(&journal(&records).await, &log);
    assert_eq!(runtime.run(two(1, 2).id("r")).await.unwrap(), 1);
    assert_eq!(log.all(), ["pack"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_loser_waits_for_is_withdrawn() {
    let (all, log) = (Memory::new(), Log::default());
    let first = runtime(&all, &log);
    assert_eq!(first.run(three(1, 2).id("r")).await.unwrap(), 1);
    let records = first.records(&run()).await.unwrap();
    let chosen = records.iter().position(is_choice).unwrap();
    let late = first.answer(&run(), "race[1]/referee").with(json!(5)).await.unwrap_err();
    assert!(late.message().contains("has ended"), "{late}");

    // After a crash right behind the choice, nothing lists the wait or takes an answer to it.
    let second = runtime(&journal(&records[..=chosen]).await, &log);
    assert!(second.waits().await.unwrap().is_empty());
    let late = second.answer(&run(), "race[1]/referee").with(json!(5)).await.unwrap_err();
    assert_eq!(late.kind(), &ErrorKind::Setup);
    assert!(!late.message().contains("has ended"), "{late}");
    assert_eq!(second.run(three(1, 2).id("r")).await.unwrap(), 1);
}

/// Two people are asked, and the first answer counts.
#[workflow]
async fn asked(number: u32, #[state] log: &Log) -> Result<u32> {
    let first = race_ok!(referee(number), async {
        let more = referee(number + 1).id("other").await?;
        pack(more, log).await
    })?;
    referee(first).id("last").await
}

#[tokio::test(start_paused = true)]
async fn a_run_leaves_memory_while_all_branches_wait() {
    let (journal, log) = (Memory::new(), Log::default());
    let runtime = self::runtime(&journal, &log);
    let handle = runtime.start(asked(1).id("r")).await.unwrap();
    let ending = handle.ending().await;
    let Ok(Ending::Waiting(waits)) = ending else { panic!("the run waits, not {ending:?}") };
    assert_eq!(waits.iter().map(|wait| wait.place.as_str()).collect::<Vec<_>>(), ["race[0]/referee", "race[1]/other"]);
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);

    let runtime = self::runtime(&journal, &log);
    let handle = runtime.start(asked(1).id("r")).await.unwrap();
    assert!(matches!(handle.ending().await.unwrap(), Ending::Waiting(_)));
    runtime.answer(&run(), "race[1]/other").with(json!(8)).await.unwrap();
    let ending = runtime.start(asked(1).id("r")).await.unwrap().ending().await;
    let Ok(Ending::Waiting(waits)) = ending else { panic!("the run waits, not {ending:?}") };
    assert_eq!(waits.iter().map(|wait| wait.place.as_str()).collect::<Vec<_>>(), ["last"]);
    assert_eq!(runtime.waits().await.unwrap().len(), 1);
    runtime.answer(&run(), "race[0]/referee").with(json!(9)).await.unwrap_err();
    runtime.answer(&run(), "last").with(json!(3)).await.unwrap();
    assert_eq!(runtime.run(asked(1).id("r")).await.unwrap(), 3);
    assert_eq!(log.all(), ["pack"]);
}

/// Fails the first time that it is called in a process.
#[step]
async fn awakes(number: u32, #[state] log: &Log) -> Result<u32> {
    log.add("awakes");
    if log.all().len() < 3 {
        flow::bail!("asleep");
    }
    Ok(number)
}

#[step]
async fn never(number: u32, #[state] log: &Log) -> Result<u32> {
    log.add("never");
    flow::bail!("never {number}")
}

#[workflow]
async fn asleep(number: u32, #[state] log: &Log) -> Result<u32> {
    let packed = pack(number, log).await?;
    race_ok!(awakes(packed, log), async {
        match never(packed, log).await {
            Ok(number) => Ok(number),
            Err(_) => never(packed, log).await,
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_failed_race_goes_on_with_the_failures_that_ended_it() {
    let log = Log::default();
    let runtime = runtime(&Memory::new(), &log);
    let failed = runtime.run(asleep(4).id("r")).await.unwrap_err();
    assert_eq!(failed.branches().count(), 2);
    assert_eq!(log.all(), ["pack", "awakes", "never", "never"]);
    assert!(matches!(runtime.resume(&run()).await.unwrap(), Ending::Finished(_)));
    // The failure that the second branch handled stands.
    assert!(matches!(&log.all()[4..], [first, rest @ ..] if first == "awakes" && rest.len() <= 1), "{:?}", log.all());
}

#[tokio::test(start_paused = true)]
async fn a_fork_keeps_the_choice() {
    let log = Log::default();
    let runtime = runtime(&Memory::new(), &log);
    runtime.run(two(1, 2).id("r")).await.unwrap();
    let from = runtime.place_in(&run(), "pack").await.unwrap();
    let fork = runtime.fork(&run(), Some(&from), None, RunId::named("fork")).await.unwrap();
    assert!(matches!(runtime.resume(&fork).await.unwrap(), Ending::Finished(_)));
    assert_eq!(log.all(), ["hare", "tortoise", "tortoise dropped", "pack", "pack"]);
    // From a step of the branch that lost, the race starts without a choice.
    let lost = runtime.place_in(&run(), "tortoise").await.unwrap();
    let fork = runtime.fork(&run(), Some(&lost), None, RunId::named("other")).await.unwrap();
    assert!(matches!(runtime.resume(&fork).await.unwrap(), Ending::Finished(_)));
    let again = log.all().split_off(5);
    assert_eq!(again, ["hare", "tortoise", "tortoise dropped", "pack"]);
}

/// The same workflow with a branch less.
mod fewer {
    use super::*;

    #[workflow]
    pub(super) async fn two(hares: u32, tortoises: u32, #[state] log: &Log) -> Result<u32> {
        let first = race_ok!(hare(hares, log), async { race_ok!(tortoise(tortoises, log), hare(0, log)) })?;
        pack(first, log).await
    }
}

#[tokio::test(start_paused = true)]
async fn another_order_of_branches_is_told_by_a_lock() {
    use flow::graphs::lock::{classify, describe};
    let before = describe(flow::meta(&two));
    assert!(before.steps.contains_key("race[1]/tortoise"), "{:?}", before.steps.keys());
    let changes = classify(&before, flow::meta(&fewer::two)).to_string();
    assert!(changes.contains("race[1]/tortoise"), "{changes}");
}

#[step]
async fn slowly(number: &u32) -> Result<Verdict> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(Verdict::ensure(*number > 0, "too small"))
}

/// What does Bob say?
#[step(human, timeout = "2d", gate = slowly)]
async fn bob(number: u32) -> Result<u32>;

#[workflow]
async fn ann_or_bob(number: u32, #[state] log: &Log) -> Result<u32> {
    let first = race_ok!(referee(number), bob(number))?;
    let packed = pack(first, log).await?;
    referee(packed).id("last").await
}

/// Bob's answer is still being judged when Ann's wins.
#[tokio::test(start_paused = true)]
async fn an_answer_that_is_being_judged_is_withdrawn() {
    let runtime = runtime(&Memory::new(), &Log::default());
    let handle = runtime.start(ann_or_bob(1).id("r")).await.unwrap();
    while runtime.waits().await.unwrap().len() < 2 {
        flow::tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let asked = runtime.clone();
    let bob = flow::tokio::spawn(async move { asked.answer(&run(), "race[1]/bob").with(json!(5)).await });
    flow::tokio::time::sleep(Duration::from_secs(1)).await;
    runtime.answer(&run(), "race[0]/referee").with(json!(9)).await.unwrap();
    let late = bob.await.unwrap().unwrap_err();
    assert!(late.message().contains("is no longer waiting"), "{late}");
    runtime.answer(&run(), "last").with(json!(3)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 3);
}

const MODEL: Model = Model::new("fake/model");

/// Fails, and is replaced by a race.
#[step(model = MODEL, prompt = "{{ number }}", fallback = raced, retry(max_attempts = 1))]
async fn ask(number: u32) -> Result<u32>;

#[step]
async fn ends(number: u32, #[state] log: &Log) -> Result<u32> {
    log.add("ends");
    if log.all().iter().filter(|line| *line == "ends").count() < 2 {
        flow::bail!("not yet");
    }
    Ok(number)
}

#[workflow]
async fn raced(number: u32, #[state] log: &Log) -> Result<u32> {
    let first = race_ok!(hare(number, log), tortoise(number, log))?;
    ends(first, log).await
}

#[workflow]
async fn asked_again(number: u32) -> Result<u32> {
    ask(number).await
}

/// The step that failed starts anew, and with it the race in its fallback.
#[tokio::test(start_paused = true)]
async fn a_race_that_starts_anew_has_no_choice() {
    let down = || Err(flow::Error::terminal("down"));
    let log = Log::default();
    let runtime = Runtime::test().journal(Memory::new()).state(log.clone()).results(ask, [down(), down()]);
    let runtime = runtime.build().unwrap().0;
    runtime.run(asked_again(4).id("r")).await.unwrap_err();
    assert!(matches!(runtime.resume(&run()).await.unwrap(), Ending::Finished(_)));
    let one = ["hare", "tortoise", "tortoise dropped", "ends"];
    assert_eq!(log.all(), [one, one].concat());
}
