//! Random programs: a finished step is undone exactly if an enclosing workflow fails, or calls `flow::undo` after it.
//!
//! A program is data, interpreted by workflows of four levels. The test derives from the program which payments must be refunded,
//! in whatever order the branches run. `FLOW_GRAPHS` sets the number of programs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use flow::Runtime;
use flow::journal::Store;
use flow::prelude::*;
use flow::run::{Record, RunId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::support::{done, log};
use crate::prefixes::Batches;
use crate::support::{lines, tokio_clock};

#[contract]
#[derive(Debug, Clone)]
enum Program {
    /// A payment; each has a number of its own.
    Pay(u32),
    Fail,
    Sleep(u32),
    Undo,
    /// A workflow whose error is handled.
    Handled(Box<Program>),
    Seq(Vec<Program>),
    Both(Box<Program>, Box<Program>),
    Map(Vec<Program>),
}

#[step(effect = idempotent, compensate = refund)]
async fn pay(n: u32) -> Result<u32> {
    Ok(n)
}

#[step(effect = idempotent)]
async fn refund(n: u32) -> Result<()> {
    log(format!("refund {n}"));
    Ok(())
}

#[step]
async fn fail() -> Result<u32> {
    flow::bail!("it fails")
}

#[step]
async fn wait(seconds: u32) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    Ok(seconds)
}

#[workflow]
async fn level0(program: Program) -> Result<u32> {
    match program {
        Program::Pay(n) => pay(n).await,
        Program::Fail => fail().await,
        Program::Sleep(seconds) => wait(seconds).await,
        _ => Ok(0),
    }
}

/// Interprets what the level below cannot.
macro_rules! level {
    ($name:ident, $below:ident) => {
        #[workflow]
        async fn $name(program: Program) -> Result<u32> {
            match program {
                Program::Handled(part) => match $below(*part).await {
                    Ok(n) => Ok(n),
                    Err(_) => Ok(0),
                },
                Program::Seq(parts) => {
                    for part in parts {
                        if matches!(part, Program::Undo) {
                            flow::undo().await?;
                        } else {
                            $below(part).await?;
                        }
                    }
                    Ok(0)
                }
                Program::Both(one, other) => {
                    let (one, other) = try_join!($below(*one), $below(*other))?;
                    Ok(one + other)
                }
                Program::Map(parts) => {
                    let all = map(parts, async |part| $below(part).await).await?;
                    Ok(all.into_iter().sum())
                }
                leaf => $below(leaf).await,
            }
        }
    };
}

level!(level1, level0);
level!(level2, level1);
level!(level3, level2);

fn program() -> impl Strategy<Value = Program> {
    let leaf = prop_oneof![
        6 => Just(Program::Pay(0)),
        1 => Just(Program::Fail),
        1 => (0..3u32).prop_map(Program::Sleep),
    ];
    leaf.prop_recursive(3, 16, 4, |part| {
        let in_order = prop_oneof![5 => part.clone(), 1 => Just(Program::Undo)];
        prop_oneof![
            3 => prop::collection::vec(in_order, 1..5).prop_map(Program::Seq),
            2 => part.clone().prop_map(|part| Program::Handled(part.into())),
            1 => (part.clone(), part.clone()).prop_map(|(one, other)| Program::Both(one.into(), other.into())),
            1 => prop::collection::vec(part, 1..4).prop_map(Program::Map),
        ]
    })
}

impl Program {
    fn number(&mut self, next: &mut u32) {
        match self {
            Self::Pay(n) => {
                *n = *next;
                *next += 1;
            }
            Self::Fail | Self::Sleep(_) | Self::Undo => {}
            Self::Handled(part) => part.number(next),
            Self::Seq(parts) | Self::Map(parts) => parts.iter_mut().for_each(|part| part.number(next)),
            Self::Both(one, other) => [one, other].into_iter().for_each(|part| part.number(next)),
        }
    }

    fn payments(&self, into: &mut BTreeSet<u32>) {
        match self {
            Self::Pay(n) => {
                into.insert(*n);
            }
            Self::Fail | Self::Sleep(_) | Self::Undo => {}
            Self::Handled(part) => part.payments(into),
            Self::Seq(parts) | Self::Map(parts) => parts.iter().for_each(|part| part.payments(into)),
            Self::Both(one, other) => [one, other].into_iter().for_each(|part| part.payments(into)),
        }
    }

    /// Whether the program fails. Adds the payments that must be refunded, if they are made, to `undone`. `level` is that of the
    /// interpreting workflow: programs nested deeper than the lowest level do nothing.
    fn fails(&self, level: u32, undone: &mut BTreeSet<u32>) -> bool {
        let failed = match self {
            Self::Pay(_) | Self::Sleep(_) | Self::Undo => false,
            Self::Fail => true,
            _ if level == 0 => false,
            Self::Handled(part) => {
                part.fails(level - 1, undone);
                false
            }
            Self::Seq(parts) => parts.iter().enumerate().any(|(at, part)| match part {
                Self::Undo => {
                    parts[..at].iter().for_each(|before| before.payments(undone));
                    false
                }
                part => part.fails(level - 1, undone),
            }),
            // Every branch counts, since their order is not fixed.
            Self::Both(one, other) => {
                let failed = [one, other].map(|part| part.fails(level - 1, undone));
                failed.contains(&true)
            }
            Self::Map(parts) => {
                let failed: Vec<bool> = parts.iter().map(|part| part.fails(level - 1, undone)).collect();
                failed.contains(&true)
            }
        };
        if failed {
            self.payments(undone);
        }
        failed
    }
}

/// The payments made, and the refunds in order, according to the records.
fn made_and_undone(records: &[Record]) -> (BTreeSet<u32>, Vec<u32>) {
    let mut made = BTreeMap::new();
    let mut undone = Vec::new();
    for record in records {
        match record {
            Record::StepFinished { place, output, .. } if place.as_str().ends_with("/pay") => {
                made.insert(place.clone(), output.as_u64().unwrap() as u32);
            }
            Record::StepUndone { place, .. } => undone.push(made[place]),
            _ => {}
        }
    }
    (made.into_values().collect(), undone)
}

async fn run(journal: &Batches, program: &Program) -> (bool, Vec<String>) {
    let runtime = Runtime::builder().journal(journal.clone()).clock(tokio_clock).build().unwrap();
    let outcome = runtime.run(level3(program.clone()).id("r")).await;
    (outcome.is_err(), done())
}

async fn check(program: &Program) {
    let mut expected = BTreeSet::new();
    let fails = program.fails(3, &mut expected);
    let (journal, id) = (Batches::default(), RunId::named("r"));
    let judge = |has_failed: bool, refunds: &[String], records: &[Record], of: &dyn Fn() -> String| {
        let (made, mut undone) = made_and_undone(records);
        undone.sort_unstable();
        let expected: Vec<u32> = made.intersection(&expected).copied().collect();
        assert_eq!(has_failed, fails, "{}", of());
        assert_eq!(undone, expected, "{} {:?}", of(), lines(records));
        let distinct: BTreeSet<&String> = refunds.iter().collect();
        assert_eq!(distinct.len(), refunds.len(), "{}: {refunds:?}", of());
    };
    let (has_failed, refunds) = run(&journal, program).await;
    let records = journal.read(&id).await.unwrap();
    judge(has_failed, &refunds, &records, &|| format!("{program:?}"));
    assert_eq!(refunds.len(), made_and_undone(&records).1.len(), "{program:?}");
    for length in journal.hooks.lengths() {
        let journal = Batches::default();
        journal.append(&id, &records[..length]).await.unwrap();
        let (has_failed, refunds) = run(&journal, program).await;
        let of = || format!("{program:?} from {:?}", lines(&records[..length]));
        judge(has_failed, &refunds, &journal.read(&id).await.unwrap(), &of);
    }
}

#[test]
fn what_is_undone_follows_from_which_workflows_fail() {
    let programs = std::env::var("FLOW_GRAPHS").map_or(150, |programs| programs.parse().unwrap());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let runtime = flow::tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    for _ in 0..programs {
        let mut program = program().new_tree(&mut runner).unwrap().current();
        program.number(&mut 0);
        runtime.block_on(check(&program));
    }
}
