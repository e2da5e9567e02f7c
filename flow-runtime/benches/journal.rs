//! Compares the SQLite journal with raw rusqlite, in one process and with the same `synchronous`.
//!
//! `cargo bench -p flowgate-runtime --features sqlite --bench journal` prints steps per second. Both sides alternate, so that a
//! noisy machine affects both; a ratio is the median over all rounds. The raw side writes prepared bytes: one INSERT and commit
//! per step if steps run in sequence, and one writer that commits everything pending if many runs are concurrent.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use flow_runtime::journal::{Query, Sqlite, Store, Synchronous};
use flow_runtime::run::{Record, RunId};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// The number of rounds, of which the median is reported.
const ROUNDS: usize = 15;

/// The output of a step, in bytes.
const OUTPUT: usize = 512;

const RUNS: usize = 64;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for synchronous in [Synchronous::Full, Synchronous::Normal] {
        sequential(&runtime, synchronous, 300);
        at_once(&runtime, synchronous, 50);
    }
    recovery(&runtime, 1_000, 100);
    recovery(&runtime, 1, 100_000);
    waiting(&runtime, 1_000);
    shared(&runtime, 400);
}

/// One run whose steps follow each other.
fn sequential(runtime: &Runtime, synchronous: Synchronous, steps: usize) {
    let folder = tempdir().unwrap();
    let journal = Sqlite::options().synchronous(synchronous).open(folder.path().join("flow.db")).unwrap();
    let raw = raw(&folder.path().join("raw.db"), synchronous);
    let output = "x".repeat(OUTPUT);
    let rounds = (0..ROUNDS).map(|round| {
        let run = RunId::fresh();
        let ours = timed(|| {
            runtime.block_on(async {
                journal.append(&run, &[begin(&run)]).await.unwrap();
                for n in 1..steps {
                    journal.append(&run, &[step(&run, n, &output)]).await.unwrap();
                }
            });
        });
        let body = body(&run, &output);
        let plain = timed(|| (0..steps).for_each(|n| insert(&raw, &format!("run {round}"), n, &body)));
        (steps as f64 / ours.as_secs_f64(), steps as f64 / plain.as_secs_f64())
    });
    tell(&format!("sequential, {synchronous}"), rounds.collect());
}

/// Many runs with one executing step each.
fn at_once(runtime: &Runtime, synchronous: Synchronous, steps: usize) {
    let folder = tempdir().unwrap();
    let journal = Sqlite::options().synchronous(synchronous).open(folder.path().join("flow.db")).unwrap();
    let floor = Floor::new(raw(&folder.path().join("raw.db"), synchronous));
    let output = "x".repeat(OUTPUT);
    let rounds = (0..ROUNDS).map(|round| {
        let ours = timed(|| {
            runtime.block_on(each_run(|_| {
                let (journal, output, run) = (journal.clone(), output.clone(), RunId::fresh());
                async move {
                    journal.append(&run, &[begin(&run)]).await.unwrap();
                    for n in 1..steps {
                        journal.append(&run, &[step(&run, n, &output)]).await.unwrap();
                    }
                }
            }));
        });
        let plain = timed(|| {
            runtime.block_on(each_run(|n| {
                let (floor, run) = (floor.0.clone(), format!("run {round}.{n}"));
                let body = body(&RunId::fresh(), &output);
                async move {
                    for n in 0..steps {
                        let (done, wait) = oneshot::channel();
                        floor.send((run.clone(), n, body.clone(), done)).unwrap();
                        wait.await.unwrap();
                    }
                }
            }));
        });
        let all = (steps * RUNS) as f64;
        (all / ours.as_secs_f64(), all / plain.as_secs_f64())
    });
    tell(&format!("{RUNS} runs, {synchronous}"), rounds.collect());
}

/// Reads everything after a crash: from a copy of the files taken during a write.
fn recovery(runtime: &Runtime, runs: usize, steps: usize) {
    let folder = tempdir().unwrap();
    let (flow, plain) = (folder.path().join("flow.db"), folder.path().join("raw.db"));
    let (journal, raw) = (Sqlite::open(&flow).unwrap(), raw(&plain, Synchronous::Full));
    let output = "x".repeat(OUTPUT);
    let ids: Vec<_> = (0..runs).map(|_| RunId::fresh()).collect();
    raw.execute_batch("BEGIN").unwrap();
    for n in 0..steps {
        let mut last = None;
        for id in &ids {
            let record = if n == 0 { begin(id) } else { step(id, n, &output) };
            last = Some(journal.append(id, &[record]));
            put(&raw, &id.to_string(), n, &body(id, &output));
        }
        if n % 100 == 0 || n + 1 == steps {
            runtime.block_on(last.unwrap()).unwrap();
        }
    }
    raw.execute_batch("COMMIT").unwrap();
    let (flow_died, plain_died) = (died(&flow), died(&plain));
    let bytes = |path: &Path| fs::metadata(path).unwrap().len() as f64 / (runs * steps) as f64;
    let rounds = (0..5).map(|_| {
        let ours = timed(|| {
            let journal = Sqlite::open(&flow_died).unwrap();
            let listed = runtime.block_on(journal.runs(&Query::all())).unwrap();
            let read = listed.iter().map(|run| runtime.block_on(journal.read(&run.run)).unwrap().len());
            assert_eq!(read.sum::<usize>(), runs * steps);
        });
        let plain = timed(|| {
            let raw = Connection::open(&plain_died).unwrap();
            let mut rows = raw.prepare("SELECT run, seq, body FROM journal").unwrap();
            let rows = rows.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).unwrap();
            let map: HashMap<(String, i64), String> = rows.collect::<Result<_, _>>().unwrap();
            assert_eq!(map.len(), runs * steps);
        });
        (1.0 / ours.as_secs_f64(), 1.0 / plain.as_secs_f64(), ours, plain)
    });
    let rounds: Vec<_> = rounds.collect();
    let seconds = |pick: fn(&(f64, f64, Duration, Duration)) -> f64| median(rounds.iter().map(pick));
    println!(
        "recovery of {runs:>4} × {steps:>6}   flow {:>6.3} s   raw {:>6.3} s   bytes a step: flow {:>4.0}   raw {:>4.0}",
        seconds(|round| round.2.as_secs_f64()),
        seconds(|round| round.3.as_secs_f64()),
        bytes(&flow),
        bytes(&plain),
    );
}

/// The disk space of a run that waits for a person.
fn waiting(runtime: &Runtime, runs: usize) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    let ids: Vec<_> = (0..runs).map(|_| RunId::fresh()).collect();
    for run in &ids {
        let started = json!({
            "record": "step_started", "run": run, "place": "approve", "step": "approve", "kind": "human", "input": {}, "at": 1,
        });
        let waiting =
            json!({ "record": "waiting", "run": run, "place": "approve", "step": "approve", "for": "person", "at": 1 });
        runtime.block_on(journal.append(run, &[begin(run)])).unwrap();
        runtime.block_on(journal.append(run, &[record(started)])).unwrap();
        runtime.block_on(journal.append(run, &[record(waiting)])).unwrap();
    }
    drop(journal);
    println!("a waiting run          {:>6.0} bytes", fs::metadata(&path).unwrap().len() as f64 / runs as f64);
}

/// Steps that share one input of 10 MB.
fn shared(runtime: &Runtime, steps: usize) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    let (run, input) = (RunId::fresh(), "x".repeat(10_000_000));
    let records: Vec<_> = (0..2)
        .map(|n| {
            json!({
                "record": "step_started", "run": run, "place": format!("step[{n}]"), "step": "step", "kind": "code",
                "input": { "document": input }, "at": 1,
            })
        })
        .map(record)
        .collect();
    runtime.block_on(journal.append(&run, &[begin(&run)])).unwrap();
    let took =
        timed(|| (0..steps).for_each(|n| runtime.block_on(journal.append(&run, &records[n % 2..][..1])).unwrap()));
    let open =
        ["", "-wal", "-shm"].map(|end| fs::metadata(format!("{}{end}", path.display())).map_or(0, |file| file.len()));
    println!(
        "{steps} steps share 10 MB  {:>6.2} MB on the disk while open   {:.1} ms a step",
        open.iter().sum::<u64>() as f64 / 1e6,
        took.as_secs_f64() * 1e3 / steps as f64
    );
}

type Row = (String, usize, String, oneshot::Sender<()>);

/// A hand-written group commit.
struct Floor(mpsc::Sender<Row>);

impl Floor {
    fn new(raw: Connection) -> Self {
        let (put, rows) = mpsc::channel::<Row>();
        thread::spawn(move || {
            while let Ok(first) = rows.recv() {
                let mut batch = vec![first];
                batch.extend(rows.try_iter());
                raw.execute_batch("BEGIN IMMEDIATE").unwrap();
                batch.iter().for_each(|(run, n, body, _)| self::put(&raw, run, *n, body));
                raw.execute_batch("COMMIT").unwrap();
                batch.into_iter().for_each(|(.., done)| _ = done.send(()));
            }
        });
        Self(put)
    }
}

fn raw(path: &Path, synchronous: Synchronous) -> Connection {
    let raw = Connection::open(path).unwrap();
    raw.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};
         CREATE TABLE journal(
           ord INTEGER PRIMARY KEY, run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE(run, seq))"
    ))
    .unwrap();
    raw
}

fn insert(raw: &Connection, run: &str, n: usize, body: &str) {
    raw.prepare_cached("BEGIN").unwrap().execute([]).unwrap();
    put(raw, run, n, body);
    raw.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
}

fn put(raw: &Connection, run: &str, n: usize, body: &str) {
    let mut put = raw.prepare_cached("INSERT INTO journal(run, seq, body) VALUES (?1, ?2, ?3)").unwrap();
    put.execute(params![run, n as i64, body]).unwrap();
}

/// Copies the files in their current state.
fn died(path: &Path) -> std::path::PathBuf {
    let copy = path.with_extension("died");
    for end in ["", "-wal"] {
        let _ = fs::copy(format!("{}{end}", path.display()), format!("{}{end}", copy.display()));
    }
    copy
}

async fn each_run<F: Future<Output = ()> + Send + 'static>(run: impl Fn(usize) -> F) {
    (0..RUNS).map(run).collect::<JoinSet<_>>().join_all().await;
}

fn begin(run: &RunId) -> Record {
    record(
        json!({ "record": "run_started", "run": run, "workflow": "bench", "input": {}, "at": 1_700_000_000_000_u64 }),
    )
}

fn step(run: &RunId, n: usize, output: &str) -> Record {
    let place = serde_json::from_value(json!(format!("step[{n}]"))).unwrap();
    let (spent, at) = Default::default();
    Record::StepFinished {
        run: run.clone(),
        place,
        output: output.into(),
        cached: false,
        spent,
        at: flow_runtime::run::Stamp(at),
    }
}

fn record(value: Value) -> Record {
    serde_json::from_value(value).unwrap()
}

fn body(run: &RunId, output: &str) -> String {
    serde_json::to_string(&[step(run, 1, output)]).unwrap()
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn tell(name: &str, rounds: Vec<(f64, f64)>) {
    println!(
        "{name:<22} flow {:>8.0} steps/s   raw {:>8.0} steps/s   ratio {:>5.2}",
        median(rounds.iter().map(|round| round.0)),
        median(rounds.iter().map(|round| round.1)),
        median(rounds.iter().map(|round| round.0 / round.1)),
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
