//! Seven workflows that cover every pattern but tools. Each body and model call first appends a line to a log file.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::abort;
use std::sync::OnceLock;

use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, FailureKind, Provider, Reply, Request, Usage};
use flow::serde_json::json;

/// The usage of every model call, failed or not: input and output tokens.
pub const CALL: (u64, u64) = (10, 3);

/// The log of started work, one line `run key attempt` each. There is one per process.
static LOG: OnceLock<Log> = OnceLock::new();

struct Log {
    path: PathBuf,
    file: File,
}

/// Opens the log, once per process.
pub fn open_log(path: &Path) {
    let file = OpenOptions::new().create(true).append(true).open(path).unwrap();
    assert!(LOG.set(Log { path: path.to_owned(), file }).is_ok());
}

/// Names a step before whose body the process dies: its start is recorded, but it has no effect yet.
pub const DIES_BEFORE: &str = "FLOW_DIES_BEFORE";

/// Appends a line with a single system call, so that none is written partially.
pub fn add(run: &str, key: &str, attempt: usize) {
    if env::var(DIES_BEFORE).is_ok_and(|step| step == key) {
        abort();
    }
    (&LOG.get().unwrap().file).write_all(format!("{run} {key} {attempt}\n").as_bytes()).unwrap();
}

/// Appends a line to another file.
pub fn append(path: &Path, line: &str) {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(line.as_bytes())).unwrap();
}

/// Whether this work was started by any process.
pub fn was_begun(run: &str, key: &str) -> bool {
    let begun = format!("{run} {key} ");
    fs::read_to_string(&LOG.get().unwrap().path).unwrap().lines().any(|line| line.starts_with(&begun))
}

/// Logs the start of a body.
fn begin() {
    let current = flow::current().unwrap();
    add(&current.run.to_string(), current.place.as_str(), current.attempt as usize);
}

#[step]
async fn grow(n: u32) -> Result<u32> {
    begin();
    Ok(n * 3 + 1)
}

#[step(retry(max_attempts = 3, initial_delay = "1ms"))]
async fn shaky(n: u32) -> Result<u32> {
    begin();
    match flow::current()?.attempt {
        3 => Ok(n + 1),
        _ => Err(flow::retryable(std::io::Error::other("not yet"))),
    }
}

#[step]
async fn refuses(n: u32) -> Result<u32> {
    begin();
    flow::bail!("{n} is refused")
}

#[step(gate = small, retry(max_attempts = 2, initial_delay = "1ms"))]
async fn halve(n: u32) -> Result<u32> {
    begin();
    Ok(n / 2)
}

#[gate]
fn small(n: &u32) -> Verdict {
    Verdict::ensure(*n < 1_000_000, "too large")
}

#[contract]
#[derive(Debug, Clone)]
struct Answer {
    n: u32,
}

const MODEL: Model = Model::new("oracle/one").max_output_tokens(50);

#[step(model = MODEL, prompt = "{{ run }} {{ n }}", gate = even, repair = 2, retry(max_attempts = 3, initial_delay = "1ms"))]
async fn ask(run: &str, n: u32) -> Result<Answer>;

#[gate]
fn even(answer: &Answer) -> Verdict {
    Verdict::ensure(answer.n.is_multiple_of(2), "odd")
}

/// Is overloaded the first time it is asked something, then echoes the number; in a repair, it rounds an odd number up.
pub struct Oracle;

impl Provider for Oracle {
    fn name(&self) -> &str {
        "oracle"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let messages = &request.prompt.messages;
            let asked = messages[0].text();
            let (run, n) = asked.split_once(' ').unwrap();
            let (key, asked) = (format!("model:{n}"), Usage::new(CALL.0, CALL.1));
            let known = was_begun(run, &key);
            add(run, &key, messages.len());
            if !known {
                return Err(
                    Failure::new(FailureKind::Overloaded { retry_after: None }, "too many questions").usage(asked)
                );
            }
            let n: u32 = n.parse().unwrap();
            Ok(Reply::new(json!({ "n": n + (n % 2) * u32::from(messages.len() > 1) }).to_string()).usage(asked))
        })
    }
}

/// Sequential steps, retries, a repaired model answer, and a failure that the workflow handles.
#[workflow]
pub async fn sequence(run: String, n: u32) -> Result<u32> {
    let a = grow(n).await?;
    let b = shaky(a).await?;
    let c = ask(&run, b).await?;
    let d = match refuses(c.n).await {
        Ok(n) => n,
        Err(error) => error.to_string().len() as u32,
    };
    let e = ask(&run, d + 100).await?;
    grow(e.n).await
}

#[step]
async fn left(n: u32) -> Result<u32> {
    begin();
    Ok(n + 5)
}

#[step]
async fn right(n: u32) -> Result<u32> {
    begin();
    flow::tokio::task::yield_now().await;
    Ok(n + 7)
}

#[step]
async fn item(n: u32) -> Result<u32> {
    begin();
    flow::tokio::task::yield_now().await;
    if n % 5 == 2 {
        flow::bail!("{n} is left out")
    }
    Ok(n * 2)
}

/// Branches of several steps, then a map whose items have several steps and may fail.
#[workflow]
pub async fn fan(n: u32) -> Result<u32> {
    let (a, b) = try_join!(
        async {
            let n = left(n).await?;
            let n = left(n).await?;
            left(n).await
        },
        async {
            let n = right(n).await?;
            right(n).await
        }
    )?;
    let items: Vec<u32> = (0..6).map(|k| a + b + k).collect();
    let items = map(items, async |n| {
        let n = item(n).await?;
        grow(n).await
    })
    .concurrency(4)
    .settle()
    .await?;
    grow(items.into_iter().map(|item| item.unwrap_or(0)).sum()).await
}

/// A loop around a gated step and a model.
#[workflow]
pub async fn refine(run: String, n: u32) -> Result<u32> {
    let mut n = n + 1000;
    #[bound(8)]
    while n > 150 {
        n = halve(n).await?;
        if n.is_multiple_of(4) {
            n = ask(&run, n + 1).await?.n;
        }
    }
    grow(n).await
}

#[workflow]
async fn inner(n: u32) -> Result<u32> {
    let n = grow(n).await?;
    halve(n).await
}

/// Sub-workflows in branches, in a loop, and nested in each other.
#[workflow]
pub async fn nested(n: u32) -> Result<u32> {
    let mut n = inner(n).await?;
    #[bound(3)]
    for turn in [1, 2, 3] {
        n = match (n + turn) % 3 {
            0 => inner(n).await?,
            1 => grow(n).await?,
            _ => halve(n).await?,
        };
    }
    inner(n).await
}

#[step(human, timeout = "7d", prompt = "Is {{ n }} right?")]
async fn approve(n: u32) -> Result<Review<u32>>;

#[step(signal, timeout = "7d")]
async fn paid(n: u32) -> Result<u32>;

/// People edit and reject; an outside system answers.
#[workflow]
pub async fn office(n: u32) -> Result<u32> {
    let n = grow(n).await?;
    let n = match approve(n).await? {
        Review::Accept(n) | Review::Edit(n) => n,
        Review::Reject { reason } => flow::bail!("{reason}"),
    };
    let n = grow(n).await?;
    let sum = paid(n).await?;
    let end = match approve(sum).await? {
        Review::Accept(_) | Review::Edit(_) => 0,
        Review::Reject { reason } => reason.len() as u32,
    };
    grow(n + sum + end).await
}

#[step(compensate = release)]
async fn reserve(n: u32) -> Result<u32> {
    begin();
    Ok(n)
}

#[step(effect = idempotent)]
async fn release(n: u32) -> Result<()> {
    begin();
    let _ = n;
    Ok(())
}

#[step(effect = irreversible)]
pub async fn charge(n: u32) -> Result<u32> {
    begin();
    Ok(n + 2)
}

/// Time, random values, an irreversible effect, and a failure after which steps are undone.
#[workflow]
pub async fn order(n: u32) -> Result<u32> {
    let (began, id) = (flow::now().await?, flow::uuid().await?);
    let first = reserve(n).await?;
    let second = reserve(n + 1).await?;
    flow::sleep("5ms").await?;
    let charged = charge(first + second).await?;
    let later = flow::now().await?;
    let one = u32::from(later >= began) + u32::from(id.len() == 36);
    refuses(charged * one).await
}

/// Fails, so that its reservations are undone.
#[workflow]
pub async fn stage(n: u32) -> Result<u32> {
    let first = reserve(n).await?;
    let second = reserve(n + 1).await?;
    refuses(first + second).await
}

/// A handled failure whose steps are undone, and an explicit undo.
#[workflow]
pub async fn trip(n: u32) -> Result<u32> {
    let kept = reserve(n).await?;
    let failed = stage(n + 10).await.is_err();
    flow::undo().await?;
    let last = reserve(kept + 20).await?;
    grow(last + u32::from(failed)).await
}
