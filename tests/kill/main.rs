//! Killed processes and failing disks under complete runs: no finished step is lost or starts again, nothing is recorded
//! twice, and only work that was under way when a process died is started again.
//!
//! `cargo test -p flowgate-tests --test kill` tries a few random cases of each. The long form kills at every system call that
//! a run makes on its files, until the given number of processes have died; then each of these calls fails once:
//!
//! ```text
//! FLOW_KILLS=1000 FLOW_FAULTS=500 cargo test --release -p flowgate-tests --test kill -- --nocapture
//! ```
//!
//! `FLOW_KINDS=agent,research` limits them to some of the workflows.
//!
//! System calls are intercepted with `strace`. Without it, processes are only killed at random, and a message says so.

#![allow(unreachable_pub, reason = "the modules of a test are not a library")]

mod agents;
mod child;
#[path = "../common/file_log.rs"]
mod file_log;
mod files;
mod oracle;
mod victim;
mod workflows;

use std::path::Path;
use std::process::exit;
use std::{env, fmt};

use oracle::{Case, Expected};
use victim::{Call, Ended, Fault, Victim};

/// The workflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sequence,
    Fan,
    Refine,
    Nested,
    Office,
    Order,
    Trip,
    /// The example `support_agent`.
    Agent,
    /// The example `research`.
    Research,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Sequence,
        Self::Fan,
        Self::Refine,
        Self::Nested,
        Self::Office,
        Self::Order,
        Self::Trip,
        Self::Agent,
        Self::Research,
    ];

    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.to_string() == name).unwrap()
    }

    /// The workflows to try: all, or those that `FLOW_KINDS` names.
    fn wanted() -> Vec<Self> {
        env::var("FLOW_KINDS").map_or(Self::ALL.into(), |names| names.split(',').map(Self::named).collect())
    }

    /// The id of the `n`-th run.
    fn run(self, n: u32) -> String {
        format!("{self}-{n}")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [child, log, folder, kinds, times] = &arguments[..]
        && child == "child"
    {
        let kinds: Vec<Kind> = kinds.split(',').map(Kind::named).collect();
        let (folder, times) = (Path::new(folder), times.parse().unwrap());
        exit(match Log::named(log) {
            Log::Sqlite => child::run(folder, &kinds, times),
            Log::Files => files::run(folder, &kinds, times),
        });
    }
    let tests: [(&str, fn()); 6] = [
        ("killed_before_an_effect_each_time_it_begins", killed_before_an_effect),
        ("killed_at_calls_of_the_system", killed_at_calls),
        ("killed_at_random_with_many_runs_at_once", killed_at_random),
        ("stopped_by_a_failing_disk", failing_disk),
        ("on_plain_files_killed_at_calls_of_the_system", files_killed_at_calls),
        ("on_plain_files_killed_at_random_with_many_runs_at_once", files_killed_at_random),
    ];
    // Like the standard harness, an argument selects tests by a part of their names.
    let wanted = |name: &str| arguments.iter().all(|part| part.starts_with('-') || name.contains(part.as_str()));
    for (name, test) in tests.iter().filter(|(name, _)| wanted(name)) {
        test();
        println!("test {name} ... ok");
    }
}

/// Where the process keeps its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Log {
    Sqlite,
    /// Each run in a plain file, attended to by the process.
    Files,
}

impl Log {
    fn named(name: &str) -> Self {
        [Self::Sqlite, Self::Files].into_iter().find(|log| format!("{log:?}") == name).unwrap()
    }
}

/// The number of cases requested for the long form, if any.
fn asked(variable: &str) -> Option<usize> {
    env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text} is not a number")))
}

/// The `n`-th call of its sort in a run of this kind.
type Point = (Kind, Call, u32);

/// Every call that runs of the workflows make, in random order.
fn points(log: Log, calls: &[Call]) -> Vec<Point> {
    let each = Kind::wanted().into_iter().flat_map(|kind| calls.iter().map(move |call| (kind, *call)));
    let mut all: Vec<Point> =
        each.flat_map(|(kind, call)| (1..=victim::count(log, kind, call)).map(move |at| (kind, call, at))).collect();
    fastrand::shuffle(&mut all);
    all
}

fn killed_at_calls() {
    killed_at(Log::Sqlite, &[Call::Pwrite, Call::Fsync, Call::Ftruncate, Call::Unlink, Call::Write]);
}

fn files_killed_at_calls() {
    killed_at(Log::Files, &[Call::Write, Call::Fdatasync, Call::Fsync, Call::Ftruncate]);
}

fn killed_at(log: Log, calls: &[Call]) {
    if !victim::strace() {
        return println!("  skipped: strace is not installed or not permitted");
    }
    let points = points(log, calls);
    let (wanted, least) = asked("FLOW_KILLS").map_or((30, 0), |wanted| (wanted, points.len()));
    let expected = Expected::of(&Kind::wanted(), 1);
    let mut sum = oracle::Sum::default();
    for (turn, (kind, call, at)) in points.iter().cycle().enumerate() {
        if turn >= least && sum.kills >= wanted {
            break;
        }
        assert!(turn < least + 20 * wanted, "tried to kill {turn} processes, and killed {}", sum.kills);
        let mut case = Case::new(format!("{kind} is killed at {call} {at} ({log:?})"));
        let victim = Victim::new(log, case.folder(), &[*kind], 1);
        // Half of the cases are killed a second time while they resume.
        let again = (turn % 2 == 1).then(|| fastrand::u32(1..=*at));
        for at in [Some(*at), again].into_iter().flatten() {
            let ended = victim.meets(*call, at, Fault::Kill);
            case.ended(&ended);
        }
        case.ended(&victim.undisturbed());
        sum.add(&case.close(&expected));
    }
    println!("  {} calls at which a process can die; {sum}", points.len());
}

/// An effect is interrupted, its outcome is asked for, and it is started again as long as it has not happened.
fn killed_before_an_effect() {
    let expected = Expected::of(&[Kind::Order], 1);
    for times in 1..=3 {
        let mut case = Case::new(format!("order is killed {times} times before its effect"));
        let victim = Victim::new(Log::Sqlite, case.folder(), &[Kind::Order], 1);
        for _ in 0..times {
            let ended = victim.dies_before("charge");
            assert_eq!(ended.status, None, "{}", ended.error);
            case.ended(&ended);
        }
        case.ended(&victim.undisturbed());
        assert_eq!(case.asked_about("order-0"), times, "{}", case.name());
        case.close(&expected);
    }
}

fn killed_at_random() {
    killed_when(Log::Sqlite);
}

fn files_killed_at_random() {
    killed_when(Log::Files);
}

fn killed_when(log: Log) {
    const RUNS: u32 = 4;
    let wanted = asked("FLOW_KILLS").map_or(10, |wanted| wanted / 4);
    let expected = Expected::of(&Kind::wanted(), RUNS);
    let mut sum = oracle::Sum::default();
    while sum.kills < wanted {
        let mut case = Case::new(format!("all are killed at random ({log:?})"));
        let victim = Victim::new(log, case.folder(), &Kind::wanted(), RUNS);
        for _ in 0..5 {
            case.ended(&victim.killed_after(fastrand::usize(0..150)));
        }
        case.ended(&victim.undisturbed());
        sum.add(&case.close(&expected));
    }
    println!("  {} runs at once: {sum}", RUNS as usize * Kind::wanted().len());
}

fn failing_disk() {
    if !victim::strace() {
        return println!("  skipped: strace is not installed or not permitted");
    }
    let (wanted, long) = asked("FLOW_FAULTS").map_or((12, false), |wanted| (wanted, true));
    let expected = Expected::of(&Kind::wanted(), 1);
    let points = points(Log::Sqlite, &[Call::Pwrite, Call::Fsync, Call::Ftruncate]);
    let least = if long { points.len() } else { 0 };
    let (mut sum, mut met, mut stopped) = (oracle::Sum::default(), 0, 0);
    for (turn, (kind, call, at)) in points.iter().cycle().enumerate() {
        if turn >= least && met >= wanted {
            break;
        }
        assert!(turn < least + 20 * wanted, "{turn} calls were to fail, and {met} did");
        let fault = if *call == Call::Pwrite && turn % 2 == 0 { Fault::Full } else { Fault::Broken };
        let mut case = Case::new(format!("{call} {at} of {kind} fails: {fault:?}"));
        let victim = Victim::new(Log::Sqlite, case.folder(), &[*kind], 1);
        let ended = victim.meets(*call, *at, fault);
        case.ended(&ended);
        met += usize::from(ended.met);
        if let Ended { status: Some(child::NOT_OPENED | child::NOT_KEPT), error, .. } = &ended {
            stopped += 1;
            let says = if fault == Fault::Full { "full" } else { "I/O" };
            assert!(error.contains("flow.db") && error.contains(says), "{}: {error}", case.name());
        }
        // The disk works again.
        case.ended(&victim.undisturbed());
        sum.add(&case.close(&expected));
    }
    println!("  {met} calls failed and stopped {stopped} processes; the others had already kept everything; {sum}");
}
