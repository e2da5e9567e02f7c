//! Random races, resumed from any prefix of their records: they end the same, a recorded choice stands, and no finished step
//! starts again. `FLOW_RACES` sets their number.

use std::collections::BTreeSet;
use std::time::Duration;

use flow::journal::{Memory, Query, Store};
use flow::prelude::*;
use flow::run::{Record, RunId, Status};
use flow::{Ending, Runtime};

use super::support::{Log, tokio_clock};

/// What a workflow does.
#[contract]
#[derive(Debug, Clone)]
enum Program {
    /// Takes this many milliseconds.
    Work(u32),
    Fails(u32),
    Person,
    Sleep,
    Seq(Box<Program>, Box<Program>),
    Both(Box<Program>, Box<Program>),
    Race(Box<Program>, Box<Program>, Box<Program>),
    Loop(Box<Program>),
}

impl Program {
    /// Whether it succeeds, whoever wins.
    fn succeeds(&self) -> bool {
        match self {
            Self::Work(_) | Self::Person | Self::Sleep => true,
            Self::Fails(_) => false,
            Self::Seq(one, other) | Self::Both(one, other) => one.succeeds() && other.succeeds(),
            Self::Race(one, other, third) => [one, other, third].into_iter().any(|branch| branch.succeeds()),
            Self::Loop(part) => part.succeeds(),
        }
    }
}

fn random(random: &mut fastrand::Rng, depth: u32) -> Program {
    let below = |random: &mut fastrand::Rng| Box::new(self::random(random, depth.saturating_sub(1)));
    match random.u32(..if depth == 0 { 6 } else { 13 }) {
        0..=1 => Program::Work(random.u32(..4) * 10),
        2 => Program::Fails(random.u32(..2) * 10),
        3 => Program::Person,
        4..=5 => Program::Sleep,
        6 => Program::Seq(below(random), below(random)),
        7..=8 => Program::Both(below(random), below(random)),
        9..=11 => Program::Race(below(random), below(random), below(random)),
        _ => Program::Loop(below(random)),
    }
}

#[step]
async fn work(millis: u32, #[state] log: &Log) -> Result<u32> {
    log.add(flow::current()?.place.to_string());
    flow::tokio::time::sleep(Duration::from_millis(millis.into())).await;
    Ok(1)
}

#[step]
async fn fails(millis: u32, #[state] log: &Log) -> Result<u32> {
    log.add(flow::current()?.place.to_string());
    flow::tokio::time::sleep(Duration::from_millis(millis.into())).await;
    flow::bail!("refused")
}

#[step(human, timeout = "9999d")]
async fn person() -> Result<Review<u32>>;

#[workflow]
async fn level0(program: Program, #[state] log: &Log) -> Result<u32> {
    match program {
        Program::Work(millis) => work(millis, log).await,
        Program::Fails(millis) => fails(millis, log).await,
        Program::Person => match person().await? {
            Review::Edit(one) | Review::Accept(one) => Ok(one),
            Review::Reject { reason } => flow::bail!("{reason}"),
        },
        _ => {
            flow::sleep("1h").await?;
            Ok(1)
        }
    }
}

/// Interprets what the level below cannot.
macro_rules! level {
    ($name:ident, $below:ident) => {
        #[workflow]
        async fn $name(program: Program, #[state] log: &Log) -> Result<u32> {
            match program {
                Program::Seq(one, other) => {
                    $below(*one).await?;
                    $below(*other).await
                }
                Program::Both(one, other) => {
                    let (one, other) = try_join!($below(*one), $below(*other))?;
                    Ok(one * other)
                }
                Program::Race(one, other, third) => {
                    race_ok!(
                        async {
                            let one = $below(*one).await?;
                            work(one, log).await
                        },
                        $below(*other),
                        $below(*third)
                    )
                }
                Program::Loop(part) => {
                    for _ in 0..2 {
                        $below((*part).clone()).await?;
                    }
                    Ok(1)
                }
                leaf => $below(leaf).await,
            }
        }
    };
}

level!(level1, level0);
level!(level2, level1);
level!(level3, level2);

/// A process that answers every wait until the run ends.
async fn ends(journal: &Memory, program: &Program, log: &Log, linger: Duration) -> Ending<u32> {
    let runtime = Runtime::builder()
        .journal(journal.clone())
        .clock(tokio_clock)
        .linger(linger)
        .state(log.clone())
        .build()
        .unwrap();
    let call = || level3(program.clone()).id("r");
    loop {
        match runtime.start(call()).await.unwrap().ending().await.unwrap() {
            Ending::Waiting(_) => {}
            ended => return ended,
        }
        flow::tokio::time::sleep(Duration::from_secs(1800)).await;
        for run in runtime.runs(&Query::all().status([Status::Waiting])).await.unwrap() {
            for wait in run.waits.iter().filter(|wait| wait.step == "person") {
                // Another branch may have won in the meantime.
                let _ = runtime.answer(&wait.run, wait.place.as_str()).edit(1.into()).await;
            }
        }
    }
}

fn choices(records: &[Record]) -> BTreeSet<(String, u32)> {
    let choice = |record: &Record| match record {
        Record::BranchChosen { place, branch, .. } => Some((place.to_string(), *branch)),
        _ => None,
    };
    records.iter().filter_map(choice).collect()
}

async fn check(program: &Program, linger: Duration) {
    let (journal, id) = (Memory::new(), RunId::named("r"));
    let ended = ends(&journal, program, &Log::default(), linger).await;
    assert_eq!(matches!(ended, Ending::Finished(1)), program.succeeds(), "{program:?}: {ended:?}");
    let all = journal.read(&id).await.unwrap();
    for kept in 1..all.len() {
        let context = || format!("{program:?} after {kept} of {all:#?}");
        let (journal, log) = (Memory::new(), Log::default());
        journal.append(&id, &all[..kept]).await.unwrap();
        let again = ends(&journal, program, &log, linger).await;
        let failed_before = all[..kept].iter().any(|record| matches!(record, Record::RunFailed { .. }));
        assert!(
            failed_before || matches!(again, Ending::Finished(1)) == program.succeeds(),
            "{again:?}: {}",
            context()
        );
        let (before, after) = (choices(&all[..kept]), choices(&journal.read(&id).await.unwrap()));
        assert!(before.is_subset(&after), "{after:?}: {}", context());
        let races: BTreeSet<_> = after.iter().map(|(place, _)| place).collect();
        assert_eq!(races.len(), after.len(), "one choice for each race: {}", context());
        for begun in log.all() {
            let lost = before.iter().any(|(race, branch)| {
                begun.starts_with(&format!("{race}[")) && !begun.starts_with(&format!("{race}[{branch}]/"))
            });
            assert!(!lost, "`{begun}` has lost: {}", context());
            let is_done = |record: &Record| match record {
                Record::StepFinished { place, .. } => place.as_str() == begun,
                _ => false,
            };
            assert!(!all[..kept].iter().any(is_done), "`{begun}` has finished: {}", context());
        }
    }
}

#[test]
fn every_prefix_of_a_journal_keeps_its_choices() {
    let races = std::env::var("FLOW_RACES").map_or(25, |races| races.parse().unwrap());
    let runtime = flow::tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    for seed in 0..races {
        let mut random = fastrand::Rng::with_seed(seed);
        let linger = Duration::from_secs(if random.bool() { 0 } else { 10_000 });
        let program = self::random(&mut random, 3);
        runtime.block_on(check(&program, linger));
    }
}
