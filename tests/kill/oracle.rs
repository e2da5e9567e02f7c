//! Invariants over the work that processes started and the records they left, after each process and at the end.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use flow::journal::{Query, Sqlite, Store};
use flow::provider::Spent;
use flow::run::{Record, RunId, Summary, WaitsFor};
use flow::serde_json::{Value, json};
use flow::tokio;
use tempfile::{TempDir, tempdir};

use super::agents::{asked, is_agent, refunds};
use super::file_log::FileLog;
use super::victim::{Ended, Victim};
use super::workflows::CALL;
use super::{Kind, Log};

/// A body or a model call: run, place or question, attempt.
type Work = (String, String, usize);

/// The records of each run.
type Records = BTreeMap<String, Vec<Record>>;

/// Steps provided by the library: their bodies do not log.
const OURS: [&str; 4] = ["now", "uuid", "sleep", "undo"];

/// How each run ends undisturbed.
pub struct Expected(BTreeMap<String, Value>);

impl Expected {
    pub fn of(kinds: &[Kind], times: u32) -> Self {
        let folder = tempdir().unwrap();
        let ended = Victim::new(Log::Sqlite, folder.path(), kinds, times).undisturbed();
        assert_eq!(ended.status, Some(0), "{}", ended.error);
        let (records, _) = read(folder.path());
        assert_eq!(records.len(), kinds.len() * times as usize);
        Self(records.into_iter().map(|(run, records)| (run, end(&records).unwrap())).collect())
    }
}

/// How a run ended, without details that differ between runs.
fn end(records: &[Record]) -> Option<Value> {
    match records.last()? {
        Record::RunFinished { output, .. } => Some(json!({ "output": output })),
        Record::RunFailed { error, undone, .. } => Some(json!({ "error": error, "undone": undone })),
        _ => None,
    }
}

/// One or more runs across several processes.
pub struct Case {
    name: String,
    folder: TempDir,
    /// The records left by the previous process.
    before: Records,
    /// The number of log lines at that time.
    logged: usize,
    sum: Sum,
}

/// Totals of one case or of all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    pub kills: usize,
    pub bodies: usize,
    /// Bodies and calls that were under way when a process ended and were therefore started again.
    pub again: usize,
    pub runs: usize,
}

impl Sum {
    pub fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.bodies += other.bodies;
        self.again += other.again;
        self.runs += other.runs;
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, bodies, again, runs } = self;
        write!(
            f,
            "{kills} processes killed (exit 137), {runs} runs ended as expected; of {bodies} bodies and calls, {again} were under way when a process ended"
        )
    }
}

impl Case {
    pub fn new(name: String) -> Self {
        Self { name, folder: tempdir().unwrap(), before: Records::new(), logged: 0, sum: Sum::default() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Checks what a process did against what it recorded, after it has ended.
    pub fn ended(&mut self, ended: &Ended) {
        let name = self.name.clone();
        let (after, summaries) = read(self.folder.path());
        let log = work(&self.folder.path().join("log"));
        let lines = &log[self.logged..];
        for (run, records) in &self.before {
            assert!(after[run].starts_with(records), "{name}: records of `{run}` have changed");
        }
        nothing_finished_begins(&name, &self.before, lines);
        let lost = lost(&name, &self.before, &after, lines);
        at_most_the_last(&name, lines, &lost);
        assert!(
            ended.status != Some(0) || lost.is_empty(),
            "{name}: the process ended by itself, and did not keep {lost:?}"
        );
        for run in &ended.said {
            assert!(end(&after[run]).is_some(), "{name}: `{run}` was said to have ended");
        }
        for summary in summaries {
            assert_eq!(summary.spent, calls(&after[&summary.run.to_string()]), "{name}: {summary:?}");
        }
        self.sum.kills += usize::from(ended.status.is_none());
        self.sum.bodies += lines.len();
        self.sum.again += lost.len();
        (self.before, self.logged) = (after, log.len());
        if ended.status == Some(0) {
            assert!(self.before.values().all(|records| end(records).is_some()), "{name}: a run has not ended");
        }
    }

    /// How often a run asked for the outcome of its effect. Before every time but the first, it started the effect again.
    pub fn asked_about(&self, run: &str) -> usize {
        let records = &self.before[run];
        let asks = |record: &Record| matches!(record, Record::Waiting(wait) if wait.waits_for == WaitsFor::Outcome);
        let begins = |record: &&Record| matches!(record, Record::StepStarted { step, .. } if step == "charge");
        let begun = records.iter().position(|record| begins(&record)).unwrap();
        let once = records[..=begun].iter().chain(records[begun..].iter().filter(|record| !begins(record)));
        let once: Vec<Record> = once.cloned().collect();
        let asked = records.iter().filter(|record| asks(record)).count();
        assert_eq!(
            twice(&once).is_some(),
            asked > 1,
            "{}: what was asked again without a reason is not seen",
            self.name
        );
        asked
    }

    /// Checks the records once all runs have ended.
    pub fn close(mut self, expected: &Expected) -> Sum {
        let name = &self.name;
        for (run, records) in &self.before {
            assert_eq!(end(records).as_ref(), expected.0.get(run), "{name}: `{run}`");
            assert_eq!(twice(records), None, "{name}: recorded twice");
            spent(name, records);
        }
        let log = work(&self.folder.path().join("log"));
        let charges = log.iter().filter(|work| work.1 == "charge").map(|work| &work.0);
        let charged: Vec<_> = charges.collect();
        let different: BTreeSet<_> = charged.iter().collect();
        assert_eq!(charged.len(), different.len(), "{name}: an irreversible effect has happened twice: {charged:?}");
        for run in self.before.keys().filter(|run| run.starts_with("agent-")) {
            assert_eq!(refunds(self.folder.path(), run), 1, "{name}: `{run}` refunds once");
        }
        // Every call to a model was counted when it began.
        let calls = log.iter().filter(|(run, key, _)| is_agent(run) && asks_a_model(key)).count();
        let asked = asked(self.folder.path());
        assert!(asked <= calls, "{name}: models were asked {asked} times, in {calls} attempts");
        self.sum.runs = self.before.len();
        self.sum
    }
}

/// Whether a step of an example asks a model: of the examples' other steps, one lists documents, and the others are tools.
fn asks_a_model(key: &str) -> bool {
    key != "catalogue" && !key.contains("/turn[")
}

/// A step whose end was recorded when a process ended never starts again, nor does a turn that was answered.
fn nothing_finished_begins(name: &str, before: &Records, lines: &[Work]) {
    for (run, key, attempt) in lines {
        let ended = before.get(run).into_iter().flatten().any(|record| match record {
            Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => place.as_str() == key,
            Record::Attempt(ended) if ended.turn.is_some() => {
                ended.place.as_str() == key && ended.attempt as usize == *attempt
            }
            _ => false,
        });
        assert!(!ended, "{name}: `{key}` of `{run}` had ended, and attempt {attempt} began");
    }
}

/// Work that this process started but did not record.
fn lost(name: &str, before: &Records, after: &Records, lines: &[Work]) -> HashMap<Work, i64> {
    let mut begun: HashMap<Work, i64> = HashMap::new();
    lines.iter().for_each(|work| *begun.entry(work.clone()).or_default() += 1);
    for (run, records) in after {
        let new = &records[before.get(run).map_or(0, Vec::len)..];
        new.iter().filter_map(|record| attempted(run, record)).for_each(|work| *begun.entry(work).or_default() -= 1);
    }
    begun.retain(|_, left| *left != 0);
    assert!(begun.values().all(|left| *left == 1), "{name}: begun more often than kept, or less: {begun:?}");
    begun
}

fn attempted(run: &str, record: &Record) -> Option<Work> {
    let Record::Attempt(attempt) = record else { return None };
    if let (Some(_), Some(prompt), false) = (&attempt.model, &attempt.prompt, is_agent(run)) {
        let asked = prompt.messages[0].text();
        let question = asked.split_once(' ').unwrap().1;
        return Some((run.into(), format!("model:{question}"), prompt.messages.len()));
    }
    let step = attempt.place.as_str().rsplit('/').next().unwrap_or_default().split(['.', '[']).next();
    (!OURS.contains(&step.unwrap_or_default()))
        .then(|| (run.into(), attempt.place.to_string(), attempt.attempt as usize))
}

/// A step starts only after the previous one was recorded: at most the last of each branch can be lost.
fn at_most_the_last(name: &str, lines: &[Work], lost: &HashMap<Work, i64>) {
    for work @ (run, key, _) in lost.keys() {
        let at = lines.iter().rposition(|line| line == work).unwrap();
        let follows = |line: &&Work| {
            line.0 == *run && line.1 != *key && !same_turn(key, &line.1) && after(branch(key), branch(&line.1))
        };
        let next = lines[at..].iter().find(follows);
        assert!(next.is_none(), "{name}: {next:?} began, and {work:?} before it was not kept");
    }
}

/// Whether two tools were called in the same turn, and so run at once.
fn same_turn(one: &str, other: &str) -> bool {
    let turn = |key: &str| key.rsplit_once('/').map(|(turn, _)| turn.to_owned()).filter(|turn| turn.ends_with(']'));
    turn(one).is_some_and(|one| one.contains("/turn[") && turn(other) == Some(one))
}

/// The branch of a step: an item of the map, a side of the join, or neither.
fn branch(key: &str) -> &str {
    let item = key.strip_prefix("map").and_then(|rest| rest.find(']')).map(|end| &key[..end + "map".len() + 1]);
    item.or_else(|| ["left", "right"].into_iter().find(|side| key.starts_with(side))).unwrap_or_default()
}

/// Whether work in the second branch can only start once earlier work in the first has ended.
fn after(first: &str, second: &str) -> bool {
    let map = |branch: &str| branch.starts_with("map");
    first == second || first.is_empty() || second.is_empty() || map(first) != map(second)
}

/// Returns a unique fact that was recorded more than once. A step starts once, and again only after an answer that its
/// effect has not happened; it may then be interrupted, asked about and answered again.
fn twice(records: &[Record]) -> Option<String> {
    let mut seen = BTreeSet::new();
    for record in records {
        let record = flow::serde_json::to_value(record).unwrap();
        let (kind, place) = (record["record"].as_str().unwrap(), &record["place"]);
        let fact = match kind {
            "attempt" => format!("{kind} {place} {}", record["attempt"]),
            "step_failed" | "step_finished" => format!("step ended {place}"),
            "run_failed" | "run_finished" => "run ended".into(),
            "step_started" | "waiting" | "answered" | "workflow_started" => format!("{kind} {place}"),
            "step_undone" | "step_not_undone" => format!("{kind} {}", record["by"]),
            "run_started" => kind.into(),
            _ => continue,
        };
        if !seen.insert(fact.clone()) {
            return Some(fact);
        }
        if kind == "answered" && record["answer"]["happened"] == json!(false) {
            seen.remove(&format!("step_started {place}"));
        }
        if kind == "step_started" {
            ["waiting", "answered"].iter().for_each(|kind| _ = seen.remove(&format!("{kind} {place}")));
        }
    }
    None
}

/// The total spent on model calls according to their own records.
fn calls(records: &[Record]) -> Spent {
    let calls = records.iter().filter_map(|record| match record {
        Record::Attempt(attempt) if attempt.model.is_some() => Some(Spent::call(attempt.usage, attempt.cost)),
        _ => None,
    });
    calls.fold(Spent::default(), Spent::plus)
}

/// The last record counts every recorded call exactly once, whichever process made it.
fn spent(name: &str, records: &[Record]) {
    let sum = calls(records);
    let made = records.iter().filter(|record| matches!(record, Record::Attempt(attempt) if attempt.model.is_some()));
    let made = made.count() as u64;
    let Some(Record::RunFinished { spent, .. } | Record::RunFailed { spent, .. }) = records.last() else {
        panic!("{name}: the run has no end")
    };
    assert_eq!(*spent, sum, "{name}");
    let tokens = (spent.usage.input_tokens, spent.usage.output_tokens);
    let paid = (made > 0).then_some((made * CALL.0, made * CALL.1));
    assert_eq!((tokens.0.unwrap_or(0), tokens.1.unwrap_or(0)), paid.unwrap_or_default(), "{name}");
}

/// The lines of the log.
fn work(log: &Path) -> Vec<Work> {
    let lines = fs::read_to_string(log).unwrap_or_default();
    let parts = lines.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    parts.map(|parts| (parts[0].to_owned(), parts[1].to_owned(), parts[2].parse().unwrap())).collect()
}

/// The contents of the journal, read from a copy: opening a journal repairs it, and that must be left to the next process.
fn read(folder: &Path) -> (Records, Vec<Summary>) {
    if folder.join("runs").exists() {
        return (read_files(&folder.join("runs")), Vec::new());
    }
    let copy: TempDir = tempdir().unwrap();
    let path: PathBuf = copy.path().join("flow.db");
    for end in ["", "-wal"] {
        let _ = fs::copy(folder.join(format!("flow.db{end}")), copy.path().join(format!("flow.db{end}")));
    }
    let executor = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    executor.block_on(async {
        let journal = Sqlite::open(&path).unwrap();
        journal.check().await.unwrap();
        let summaries = journal.runs(&Query::all()).await.unwrap();
        let mut records = Records::new();
        for summary in &summaries {
            records.insert(summary.run.to_string(), journal.read(&summary.run).await.unwrap());
        }
        (records, summaries)
    })
}

/// The records in the files of the runs.
fn read_files(folder: &Path) -> Records {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let records = files.map(|file| {
        let run = file.file_stem().unwrap().to_string_lossy().into_owned();
        let records: Vec<_> = FileLog::batches(&file, &RunId::named(&run)).into_iter().flatten().collect();
        (run, records)
    });
    records.filter(|(_, records)| !records.is_empty()).collect()
}
