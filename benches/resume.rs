//! Durable runs on a SQLite journal, compared with raw rusqlite at the same `synchronous=FULL`.
//!
//! `cargo bench -p flowgate-benches --bench resume` prints steps per second, memory and bytes. Both sides alternate, so that noise
//! affects both; a ratio is the median of the rounds' ratios. The raw side writes prepared outputs of the same size: one INSERT and
//! one commit per step for sequential steps, and a single writer with group commit for concurrent runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use flow::journal::{Query, Sqlite, Store, Synchronous};
use flow::prelude::*;
use flow::run::{RunId, Status};
use flow::tokio;
use flow::tokio::sync::oneshot;
use flow::tokio::task::JoinSet;
use rusqlite::{Connection, params};
use tempfile::tempdir;

/// Number of rounds; the median is reported.
const ROUNDS: usize = 9;

/// Size of a step output, in bytes.
const OUTPUT: usize = 512;

/// Padding for outputs.
static FILL: LazyLock<String> = LazyLock::new(|| "x".repeat(OUTPUT));

/// Number of step bodies started.
static BODIES: AtomicU64 = AtomicU64::new(0);

#[step]
async fn write(n: u32) -> Result<String> {
    BODIES.fetch_add(1, Ordering::Relaxed);
    let mut text = n.to_string();
    text.push_str(&FILL[text.len()..]);
    Ok(text)
}

#[workflow]
async fn chain(steps: u32) -> Result<u64> {
    let mut written = 0;
    for n in 0..steps {
        written += write(n).await?.len() as u64;
    }
    Ok(written)
}

#[step(human, timeout = "30d", prompt = "Is this right?\n\n{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

#[workflow]
async fn reviewed(n: u32) -> Result<usize> {
    let text = write(n).await?;
    match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text.len()),
        Review::Reject { reason } => flow::bail!("{reason}"),
    }
}

#[workflow]
async fn patient(steps: u32) -> Result<u64> {
    let mut written = 0;
    for n in 0..steps {
        written += write(n).await?.len() as u64;
    }
    flow::sleep("1d").await?;
    Ok(written)
}

fn main() {
    let executor = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let executor = &executor;
    let wanted = std::env::args().nth(1).filter(|argument| !argument.starts_with('-')).unwrap_or_default();
    let parts: [(&str, &dyn Fn()); 5] = [
        ("sequential", &|| sequential(executor, 200)),
        ("at_once", &|| at_once(executor, 64, 50)),
        ("crowd", &|| crowd(executor, 10_000, 5)),
        ("waiting", &|| waiting(executor, 100_000)),
        ("recovery", &|| recovery(executor, 33_333)),
    ];
    parts.iter().filter(|(name, _)| name.contains(&wanted)).for_each(|(_, part)| part());
}

/// One run of sequential steps. Also measures the cost of handing rows to a writer thread, without the engine.
fn sequential(executor: &tokio::runtime::Runtime, steps: u32) {
    let (folder, other) = (tempdir().unwrap(), tempdir().unwrap());
    let (runtime, raw) = (runtime(&folder.path().join("flow.db"), Synchronous::Full), raw(folder.path()));
    let floor = Floor::new(self::raw(other.path()));
    let per_second = |took: Duration| f64::from(steps) / took.as_secs_f64();
    let rounds = (0..ROUNDS).map(|round| {
        let run = round.to_string();
        let ours = timed(|| _ = executor.block_on(runtime.run(chain(steps))).unwrap());
        let plain = timed(|| {
            for n in 0..steps {
                raw.prepare_cached("BEGIN").unwrap().execute([]).unwrap();
                put(&raw, &run, n, &body(n));
                raw.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
            }
        });
        let handed = timed(|| executor.block_on(floor.write(&run, steps)));
        [ours, plain, handed].map(per_second)
    });
    let rounds: Vec<_> = rounds.collect();
    tell("one run", rounds.iter().map(|[ours, plain, _]| (*ours, *plain)).collect());
    tell("rows handed over", rounds.iter().map(|[_, plain, handed]| (*handed, *plain)).collect());
}

/// Many concurrent runs, each with one step at a time.
fn at_once(executor: &tokio::runtime::Runtime, runs: u32, steps: u32) {
    let folder = tempdir().unwrap();
    let runtime = runtime(&folder.path().join("flow.db"), Synchronous::Full);
    let floor = Floor::new(raw(folder.path()));
    let rounds = (0..ROUNDS).map(|round| {
        let ours = timed(|| {
            executor.block_on(each(runs, |_| {
                let runtime = runtime.clone();
                async move { _ = runtime.run(chain(steps)).await.unwrap() }
            }));
        });
        let plain = timed(|| {
            executor.block_on(each(runs, |n| {
                let (floor, run) = (floor.clone(), format!("run {round}.{n}"));
                async move { floor.write(&run, steps).await }
            }));
        });
        let all = f64::from(runs * steps);
        (all / ours.as_secs_f64(), all / plain.as_secs_f64())
    });
    tell(&format!("{runs} runs at once"), rounds.collect());
}

/// More concurrent runs than fit in any internal buffer.
fn crowd(executor: &tokio::runtime::Runtime, runs: u32, steps: u32) {
    let folder = tempdir().unwrap();
    let runtime = runtime(&folder.path().join("flow.db"), Synchronous::Full);
    executor.block_on(runtime.run(chain(1))).unwrap();
    forget_peak();
    let before = memory("VmRSS");
    let took = timed(|| {
        executor.block_on(each(runs, |_| {
            let runtime = runtime.clone();
            async move { _ = runtime.run(chain(steps)).await.unwrap() }
        }));
    });
    println!(
        "{runs} runs at once       {:>8.0} steps/s   {:.1} s   peak memory {:.0} MB above {before:.0} MB",
        f64::from(runs * steps) / took.as_secs_f64(),
        took.as_secs_f64(),
        memory("VmHWM") - before,
    );
}

/// Runs that wait for a person, with no handle held in the process.
fn waiting(executor: &tokio::runtime::Runtime, runs: u32) {
    const FIRST: u32 = 1_000;
    const TOGETHER: u32 = 1_000;
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let runtime = runtime(&path, Synchronous::Full);
    let begin = |many: u32| {
        executor.block_on(async {
            for n in 0..many {
                drop(runtime.start(reviewed(n)).await.unwrap());
            }
            all_wait().await;
        });
    };
    // Warm up the allocator, so that its caches do not count as memory per run.
    (0..FIRST / TOGETHER).for_each(|_| begin(TOGETHER));
    let (before, disk) = (memory("VmRSS"), on_disk(&path));
    let took = timed(|| (0..runs / TOGETHER).for_each(|_| begin(TOGETHER)));
    let (after, more) = (memory("VmRSS") - before, on_disk(&path) - disk);
    println!(
        "{runs} runs that wait    {after:>6.1} MB of memory   {:.0} bytes per run on disk   {:.0} runs/s started",
        more as f64 / f64::from(runs),
        f64::from(runs) / took.as_secs_f64(),
    );
    executor.block_on(runtime.shut_down(Duration::ZERO));
    drop(runtime);
    let runtime = self::runtime(&path, Synchronous::Full);
    forget_peak();
    let before = memory("VmRSS");
    let mut all = Vec::new();
    let took = timed(|| {
        executor.block_on(async {
            all = runtime.resume_all().await.unwrap();
            all_wait().await;
        });
    });
    assert_eq!(all.len(), (runs + FIRST) as usize);
    println!(
        "{} of them resumed       peak memory {:.0} MB above {before:.0} MB   {:.1} s",
        all.len(),
        memory("VmHWM") - before,
        took.as_secs_f64(),
    );
    let waiting = executor.block_on(runtime.runs(&Query::all().status([Status::Waiting]))).unwrap();
    assert_eq!(waiting.len(), all.len());
}

/// Waits until only the two tasks of the runtime are alive: a waiting run has no task.
async fn all_wait() {
    while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Resumes a run with many records after a crash, simulated by copying the journal files while they are in use.
fn recovery(executor: &tokio::runtime::Runtime, steps: u32) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let id = RunId::named("long");
    let writing = runtime(&path, Synchronous::Normal);
    executor.block_on(async {
        drop(writing.start(patient(steps).id("long")).await.unwrap());
        let waiting = Query::all().status([Status::Waiting]);
        while writing.runs(&waiting).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let begun = BODIES.load(Ordering::Relaxed);
    let rounds = (0..5).map(|round| {
        let died = self::died(&path, "died");
        let mut records = 0;
        let opened = timed(|| {
            let journal = Sqlite::open(&died).unwrap();
            records = executor.block_on(journal.read(&id)).unwrap().len();
        });
        let died = self::died(&path, &format!("again{round}"));
        let mut resumed = None;
        let gone_on = timed(|| {
            let runtime = resumed.insert(runtime(&died, Synchronous::Full));
            executor.block_on(async {
                let handle = runtime.start(patient(steps).id("long")).await.unwrap();
                let mut events = handle.events();
                // The run replays every step, then waits again.
                while let Some(event) = events.next().await {
                    if matches!(event, flow::event::Event::WillWait { .. }) {
                        break;
                    }
                }
            });
        });
        executor.block_on(resumed.unwrap().shut_down(Duration::ZERO));
        (opened.as_secs_f64(), gone_on.as_secs_f64(), records)
    });
    let rounds: Vec<_> = rounds.collect();
    assert_eq!(BODIES.load(Ordering::Relaxed), begun, "recorded steps must not run again");
    println!(
        "{} records of one run   read in {:.2} s   replayed in {:.2} s",
        rounds[0].2,
        median(rounds.iter().map(|round| round.0)),
        median(rounds.iter().map(|round| round.1)),
    );
}

fn runtime(path: &Path, synchronous: Synchronous) -> Runtime {
    let journal = Sqlite::options().synchronous(synchronous).open(path).unwrap();
    Runtime::builder().journal(journal).workflow(reviewed).build().unwrap()
}

type Row = (String, u32, String, oneshot::Sender<()>);

/// Hand-written group commit.
#[derive(Clone)]
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

    async fn write(&self, run: &str, steps: u32) {
        for n in 0..steps {
            let (done, wait) = oneshot::channel();
            self.0.send((run.to_owned(), n, body(n), done)).unwrap();
            wait.await.unwrap();
        }
    }
}

fn raw(folder: &Path) -> Connection {
    let raw = Connection::open(folder.join("raw.db")).unwrap();
    raw.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE journal(
           ord INTEGER PRIMARY KEY, run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE(run, seq))",
    )
    .unwrap();
    raw
}

fn put(raw: &Connection, run: &str, n: u32, body: &str) {
    let mut put = raw.prepare_cached("INSERT INTO journal(run, seq, body) VALUES (?1, ?2, ?3)").unwrap();
    put.execute(params![run, n, body]).unwrap();
}

/// A step's output as JSON.
fn body(n: u32) -> String {
    let n = n.to_string();
    format!("\"{n}{}\"", &FILL[n.len()..])
}

/// Copies the journal files in their current state.
fn died(path: &Path, name: &str) -> PathBuf {
    let copy = path.with_extension(name);
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", copy.display()));
    }
    for end in ["", "-wal"] {
        let _ = fs::copy(format!("{}{end}", path.display()), format!("{}{end}", copy.display()));
    }
    copy
}

fn on_disk(path: &Path) -> u64 {
    let size = |end: &str| fs::metadata(format!("{}{end}", path.display())).map_or(0, |file| file.len());
    size("") + size("-wal")
}

/// A memory figure of this process from `/proc/self/status`, in MB; NaN if unavailable.
fn memory(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// Resets the peak memory of this process.
fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

async fn each<F: Future<Output = ()> + Send + 'static>(runs: u32, run: impl Fn(u32) -> F) {
    (0..runs).map(run).collect::<JoinSet<_>>().join_all().await;
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
