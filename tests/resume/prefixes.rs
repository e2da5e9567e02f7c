//! A run resumed from any prefix of its records ends the same, and no recorded work is repeated.
//!
//! The graphs are random: a program is data, interpreted by workflows of four levels, each calling the one below. `FLOW_GRAPHS`
//! sets their number; the long form is `FLOW_GRAPHS=10000 cargo test --test resume prefixes --release`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow::Runtime;
use flow::journal::{AppendError, Query, Store};
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request, Usage};
use flow::run::{Attempt, Record, RunId, Status};
use flow::serde_json::json;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::hooked::{Hooked, Hooks};
use super::support::tokio_clock;

/// What a workflow does.
#[contract]
#[derive(Debug, Clone)]
pub(super) enum Program {
    Code(u32),
    Fails(u32),
    Shaky(u32),
    Gated(u32),
    Model(u32),
    Person(u32),
    Signal(u32),
    Sleep,
    Id,
    Seq(Vec<Program>),
    Both(Box<Program>, Box<Program>),
    Map(Vec<Program>),
    Loop(u32, Box<Program>),
}

/// Counts of what happened in a process.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<BTreeMap<String, u32>>>);

impl Seen {
    pub(super) fn count(&self, what: &str) -> u32 {
        let mut seen = self.0.lock().unwrap();
        let times = seen.entry(what.to_owned()).or_default();
        *times += 1;
        *times
    }

    fn body(&self, what: &str) {
        let current = flow::current().unwrap();
        self.count(&format!("{what} {}", current.place));
    }

    pub(super) fn sum(&self, what: &str) -> u32 {
        let seen = self.0.lock().unwrap();
        seen.iter().filter(|(name, _)| name.starts_with(what)).map(|(_, times)| times).sum()
    }
}

#[step]
async fn code(n: u32, #[state] seen: &Seen) -> Result<u32> {
    seen.body("code");
    Ok(n.wrapping_mul(31).wrapping_add(7))
}

#[step]
async fn fails(n: u32, #[state] seen: &Seen) -> Result<u32> {
    seen.body("fails");
    flow::bail!("{n} is refused")
}

#[step(retry(max_attempts = 3, initial_delay = "1s", jitter = false))]
async fn shaky(n: u32, #[state] seen: &Seen) -> Result<u32> {
    seen.body("shaky");
    match flow::current()?.attempt {
        1 => Err(flow::retryable(std::io::Error::other("not yet"))),
        _ => Ok(n + 1),
    }
}

#[step(gate = even)]
async fn gated(n: u32, #[state] seen: &Seen) -> Result<u32> {
    seen.body("gated");
    Ok(n * 2)
}

#[gate]
fn even(n: &u32) -> Verdict {
    Verdict::ensure(n.is_multiple_of(2), "odd")
}

#[contract]
#[derive(Debug, Clone)]
struct Answer {
    n: u32,
}

const MODEL: Model = Model::new("oracle/one").max_output_tokens(50);

#[step(model = MODEL, prompt = "{{ n }}", gate = even_answer, repair = 3)]
async fn ask(n: u32) -> Result<Answer>;

#[gate]
fn even_answer(answer: &Answer) -> Verdict {
    Verdict::ensure(answer.n.is_multiple_of(2), "odd")
}

// Longer than all the days that pass while the prefixes of one journal are resumed.
#[step(human, timeout = "9999d")]
async fn person(n: u32) -> Result<Review<u32>>;

#[step(signal, timeout = "9999d")]
async fn signal(n: u32) -> Result<u32>;

#[workflow]
pub(super) async fn level0(program: Program, n: u32, #[state] seen: &Seen) -> Result<u32> {
    match program {
        Program::Code(k) => code(n ^ k, seen).await,
        Program::Fails(k) => match fails(n ^ k, seen).await {
            Ok(n) => Ok(n),
            Err(error) => code(error.to_string().len() as u32, seen).await,
        },
        Program::Shaky(k) => shaky(k, seen).await,
        Program::Gated(k) => gated(n % 1000 + k, seen).await,
        Program::Model(k) => Ok(ask(n % 100 + k).await?.n),
        Program::Person(k) => match person(k).await? {
            Review::Accept(k) | Review::Edit(k) => code(k, seen).await,
            Review::Reject { .. } => Ok(0),
        },
        Program::Signal(k) => signal(k).await,
        Program::Sleep => {
            flow::sleep("1d").await?;
            Ok(n)
        }
        Program::Id => Ok(flow::uuid().await?.len() as u32),
        _ => Ok(n),
    }
}

/// Interprets what the level below cannot.
macro_rules! level {
    ($name:ident, $below:ident) => {
        #[workflow]
        pub(super) async fn $name(program: Program, n: u32, #[state] seen: &Seen) -> Result<u32> {
            match program {
                Program::Seq(parts) => {
                    let mut n = n;
                    for part in parts {
                        n = $below(part, n).await?;
                    }
                    Ok(n)
                }
                Program::Both(one, other) => {
                    let (a, b) = try_join!(
                        async {
                            let n = $below(*one, n).await?;
                            code(n, seen).await
                        },
                        $below(*other, n)
                    )?;
                    Ok(a.wrapping_add(b))
                }
                Program::Map(parts) => {
                    let all = map(parts, async |part| $below(part, n).await).await?;
                    Ok(all.into_iter().fold(0, u32::wrapping_add))
                }
                Program::Loop(times, part) => {
                    let mut n = n;
                    #[bound(5)]
                    for _ in 0..times {
                        n = $below((*part).clone(), n).await?;
                    }
                    Ok(n)
                }
                leaf => $below(leaf, n).await,
            }
        }
    };
}

level!(level1, level0);
level!(level2, level1);
level!(level3, level2);

/// Echoes the question; in a repair, it rounds an odd number up.
pub(super) struct Oracle(pub(super) Seen);

impl Provider for Oracle {
    fn name(&self) -> &str {
        "oracle"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            self.0.count("model");
            let messages = &request.prompt.messages;
            let asked: u32 = messages[0].text().parse().unwrap();
            let n = asked + u32::from(messages.len() > 1 && asked % 2 == 1);
            Ok(Reply::new(json!({ "n": n }).to_string()).usage(Usage::new(1, 1)))
        })
    }
}

pub(super) fn program() -> impl Strategy<Value = Program> {
    let small = 0..9u32;
    let leaf = prop_oneof![
        4 => small.clone().prop_map(Program::Code),
        1 => small.clone().prop_map(Program::Fails),
        1 => small.clone().prop_map(Program::Shaky),
        1 => small.clone().prop_map(Program::Gated),
        2 => small.clone().prop_map(Program::Model),
        1 => small.clone().prop_map(Program::Person),
        1 => small.clone().prop_map(Program::Signal),
        1 => Just(Program::Sleep),
        1 => Just(Program::Id),
    ];
    leaf.prop_recursive(3, 14, 4, move |part| {
        prop_oneof![
            prop::collection::vec(part.clone(), 0..4).prop_map(Program::Seq),
            (part.clone(), part.clone()).prop_map(|(a, b)| Program::Both(a.into(), b.into())),
            prop::collection::vec(part.clone(), 0..4).prop_map(Program::Map),
            (0..3u32, part).prop_map(|(times, part)| Program::Loop(times, part.into())),
        ]
    })
}

/// A process that answers every wait until the run ends.
async fn until_ended(journal: &Batches, program: &Program, seen: &Seen) -> u32 {
    // Not `Runtime::test()`, which first compares all contracts with their schemas.
    let runtime = Runtime::builder().journal(journal.clone()).clock(tokio_clock).linger(lingers(program));
    let runtime = runtime.state(seen.clone()).provider(Oracle(seen.clone())).build().unwrap();
    let handle = runtime.start(level3(program.clone(), 1).id("r")).await.unwrap();
    let answers = answer_all(&runtime, seen);
    let result = flow::tokio::select! {
        result = handle.result() => result,
        () = answers => unreachable!("answers are given until the run ends"),
    };
    result.unwrap()
}

/// Half of the programs leave memory for each retry.
pub(super) fn lingers(program: &Program) -> Duration {
    Duration::from_secs(if format!("{program:?}").len() % 2 == 0 { 0 } else { 10 })
}

/// The output of a program with a journal.
pub(super) async fn answered_program(program: &Program) -> u32 {
    until_ended(&Batches::default(), program, &Seen::default()).await
}

async fn answer_all(runtime: &Runtime, seen: &Seen) {
    let waiting = Query::all().status([Status::Waiting]);
    loop {
        for wait in runtime.runs(&waiting).await.unwrap().into_iter().flat_map(|run| run.waits) {
            let answering = runtime.answer(&wait.run, wait.place.as_str());
            let answered = match wait.step.as_str() {
                "person" => answering.accept().await,
                "signal" => answering.with(json!(5)).await,
                _ => continue,
            };
            if answered.is_ok() {
                seen.count("answer");
            }
        }
        flow::tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

/// A journal that also tracks the number of records after each append.
pub(super) type Batches = Hooked<Lengths>;

#[derive(Clone, Debug, Default)]
pub(super) struct Lengths(Arc<Mutex<Vec<usize>>>);

impl Lengths {
    /// The number of records after each append; a process can die between any two.
    pub(super) fn lengths(&self) -> Vec<usize> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Hooks for Lengths {
    fn appends(&self, records: &[Record]) -> Result<(), AppendError> {
        if !records.is_empty() {
            let mut lengths = self.0.lock().unwrap();
            let before = lengths.last().copied().unwrap_or_default();
            lengths.push(before + records.len());
        }
        Ok(())
    }
}

/// The recorded work by kind: model calls, bodies, answers, ended steps.
pub(super) fn done(records: &[Record]) -> [usize; 4] {
    let count = |wanted: &dyn Fn(&Record) -> bool| records.iter().filter(|record| wanted(record)).count();
    [
        count(&|record| matches!(record, Record::Attempt(attempt) if attempt.model.is_some())),
        count(&|record| matches!(record, Record::Attempt(attempt) if is_body(attempt))),
        count(&|record| matches!(record, Record::Answered { .. })),
        count(&|record| matches!(record, Record::StepFinished { .. } | Record::StepFailed { .. })),
    ]
}

/// Whether the attempt belongs to a counted body; those of `flow::uuid` are not.
fn is_body(attempt: &Attempt) -> bool {
    attempt.model.is_none() && !attempt.place.as_str().contains("uuid")
}

async fn check(program: &Program) {
    let (journal, seen, id) = (Batches::default(), Seen::default(), RunId::named("r"));
    let output = until_ended(&journal, program, &seen).await;
    let all = journal.read(&id).await.unwrap();
    let total = done(&all);
    // A process dies between two appends, each of which is atomic.
    for length in journal.hooks.lengths() {
        let (journal, seen) = (Batches::default(), Seen::default());
        journal.append(&id, &all[..length]).await.unwrap();
        assert_eq!(until_ended(&journal, program, &seen).await, output, "{program:?} from {length}");
        let before = done(&all[..length]);
        let after = done(&journal.read(&id).await.unwrap());
        let context = || format!("{program:?} from {length} of {:?}", super::support::lines(&all));
        assert_eq!(after, total, "no record twice: {}", context());
        assert_eq!(seen.sum("model") as usize, total[0] - before[0], "no answer paid twice: {}", context());
        assert_eq!(seen.sum("answer") as usize, total[2] - before[2], "no one asked twice: {}", context());
        let bodies = ["code", "fails", "shaky", "gated"].map(|step| seen.sum(step)).into_iter().sum::<u32>();
        assert_eq!(bodies as usize, total[1] - before[1], "no body twice: {}", context());
    }
}

#[test]
fn every_prefix_of_a_journal_resumes_to_the_same_end() {
    let graphs = std::env::var("FLOW_GRAPHS").map_or(100, |graphs| graphs.parse().unwrap());
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let runtime = flow::tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    for _ in 0..graphs {
        let program = program().new_tree(&mut runner).unwrap().current();
        if std::env::var("FLOW_SHOW").is_ok() {
            eprintln!("{program:?}");
        }
        runtime.block_on(check(&program));
    }
}
