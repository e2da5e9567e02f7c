//! How a SQLite journal file behaves towards other processes and users, and the errors if it cannot be used.

use std::fs;
use std::future::poll_fn;
use std::path::Path;
use std::task::Poll;
use std::time::Duration;

use flow_runtime::error::ErrorKind;
use flow_runtime::journal::{Cache, Query, Sqlite, Store, Synchronous};
use flow_runtime::run::{RunId, Stamp, Status};
use rusqlite::Connection;
use serde_json::json;
use tempfile::tempdir;

use crate::support::{Shifted, begin, finished, record, started};

/// The error of an open that must fail, without the folder.
fn refused(opened: flow_runtime::error::Result<Sqlite>, folder: &Path) -> String {
    let error = opened.expect_err("it was opened");
    assert!(matches!(error.kind(), ErrorKind::Setup | ErrorKind::Journal), "{error}");
    let folder = fs::canonicalize(folder).unwrap();
    error.message().replace(folder.to_str().unwrap(), "…")
}

#[test]
fn one_process_executes_and_others_visit() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    assert_eq!(
        refused(Sqlite::open(&path), folder.path()),
        format!(
            "journal …/flow.db: process {} already executes its runs, and only one may; stop it, name another file, or open this one with `Sqlite::visit` to read, answer and cancel",
            std::process::id()
        )
    );
    let visitor = Sqlite::visit(&path).unwrap();
    assert!(journal.executes() && !visitor.executes());
    assert!(journal.is_executed().unwrap() && visitor.is_executed().unwrap());
    let clone = journal.clone();
    drop(journal);
    assert!(Sqlite::open(&path).is_err(), "a clone is still there");
    drop(clone);
    assert!(!visitor.is_executed().unwrap(), "nobody is left");
    drop(visitor);
    drop(Sqlite::open(&path).unwrap());
}

#[cfg(unix)]
#[test]
fn another_name_of_the_file_does_not_get_round_the_lock() {
    use std::os::unix::fs::{MetadataExt, symlink};

    let folder = tempdir().unwrap();
    let [path, link, hard] = ["flow.db", "link.db", "hard.db"].map(|name| folder.path().join(name));
    // Created through a dangling link.
    symlink(&path, &link).unwrap();
    let journal = Sqlite::open(&link).unwrap();
    assert_eq!(journal.path(), fs::canonicalize(&path).unwrap());
    assert!(Sqlite::open(&link).is_err() && Sqlite::open(&path).is_err());
    for file in fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()) {
        assert!(file.path() == link || file.metadata().unwrap().mode() & 0o777 == 0o600, "others may read {file:?}");
    }
    fs::hard_link(&path, &hard).unwrap();
    let said = refused(Sqlite::visit(&hard), folder.path());
    assert!(said.contains("the file has 2 hard links"), "{said}");
    drop(journal);
    assert_eq!(refused(Sqlite::open(&hard), folder.path()), said);
    fs::remove_file(&path).unwrap();
    drop(Sqlite::open(&hard).unwrap());
}

/// Closing any handle of a file releases SQLite's locks on it, so a handle must stay open while others in the process need them.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_opens_and_closes_beside_a_journal_leaves_its_locks() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    journal.append(&RunId::named("r"), &[begin(&RunId::named("r"), json!({}))]).await.unwrap();
    let locks = || {
        let table = fs::read_to_string("/proc/locks").unwrap();
        let mine = format!(" {} ", std::process::id());
        let inode = format!(":{} ", std::os::unix::fs::MetadataExt::ino(&fs::metadata(&path).unwrap()));
        let of_file = |line: &&str| line.contains(&mine) && line.contains(&inode);
        let kinds = table.lines().filter(of_file).map(|line| line.split_whitespace().nth(1).unwrap().to_owned());
        let mut kinds: Vec<String> = kinds.collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    assert_eq!(locks(), ["FLOCK", "POSIX"]);
    assert!(Sqlite::open(&path).is_err());
    let visitor = Sqlite::visit(&path).unwrap();
    assert!(visitor.is_executed().unwrap());
    visitor.runs(&Query::all()).await.unwrap();
    drop(visitor);
    assert_eq!(locks(), ["FLOCK", "POSIX"]);
    let visitor = Sqlite::visit(&path).unwrap();
    visitor.runs(&Query::all()).await.unwrap();
    drop(journal);
    assert_eq!((locks(), visitor.is_executed().unwrap()), (vec!["POSIX".to_owned()], false));
}

#[test]
fn what_is_no_journal_is_refused_by_name() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let open = |name: &str| refused(Sqlite::open(at(name)), folder.path());
    let visit = |name: &str| refused(Sqlite::visit(at(name)), folder.path());

    assert_eq!(visit("missing.db"), "journal …/missing.db: no such file; the first run that uses it creates it");
    assert!(open("no/flow.db").ends_with("create the folder first"));

    fs::write(
        at("text.db"),
        "this is a text that is long enough for a header of a database, or it would be taken for a new file",
    )
    .unwrap();
    let said = open("text.db");
    assert!(said.contains("file is not a database; the file is not an SQLite database"), "{said}");

    Connection::open(at("other.db")).unwrap().execute_batch("CREATE TABLE mine(x)").unwrap();
    assert_eq!(open("other.db"), "journal …/other.db: it is the database of another program; name another file");

    drop(Sqlite::open(at("newer.db")).unwrap());
    Connection::open(at("newer.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(
        open("newer.db"),
        "journal …/newer.db: its format is 99, but this program supports formats up to 4; use a newer version of flow, or name another file"
    );
    Connection::open(at("newer.db")).unwrap().pragma_update(None, "user_version", 1).unwrap();
    assert!(open("newer.db").contains("its format is 1, from a pre-release version of flow"));
    fs::write(at("empty.db"), "").unwrap();
    assert!(visit("empty.db").contains("the file is empty"));
    drop(Sqlite::open(at("empty.db")).unwrap());
}

#[test]
fn a_file_is_opened_with_its_codec_and_key() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let with = |key| Sqlite::options().codec(Shifted::by(key));
    drop(with(3).open(&path).unwrap());
    assert_eq!(
        refused(Sqlite::open(&path), folder.path()),
        "journal …/flow.db: it was created with codec `shifted-1`, but opened with `none`; open it with `shifted-1`"
    );
    assert_eq!(
        refused(with(4).open(&path), folder.path()),
        "journal …/flow.db: codec `shifted-1` cannot decode it: the key is another; use the key it was created with"
    );
    drop(with(3).open(&path).unwrap());
}

#[test]
fn when_what_is_written_is_on_the_disk_is_stated() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    assert_eq!(journal.synchronous(), Synchronous::Full);
    assert!(format!("{journal:?}").contains("synchronous: Full"));
    let stated = || text(&path, "SELECT value FROM meta WHERE key = 'synchronous'");
    assert_eq!(stated(), "full");
    drop(journal);
    drop(Sqlite::options().synchronous(Synchronous::Normal).open(&path).unwrap());
    assert_eq!(stated(), "normal");
}

/// The output of `sqlite3 FILE 'SELECT …'`.
fn text(path: &Path, sql: &str) -> String {
    let shell = Connection::open(path).unwrap();
    let mut statement = shell.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let cell = |at| match row.get::<_, rusqlite::types::Value>(at).unwrap() {
            rusqlite::types::Value::Null => String::new(),
            rusqlite::types::Value::Integer(n) => n.to_string(),
            rusqlite::types::Value::Real(n) => n.to_string(),
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Blob(bytes) => format!("{} bytes", bytes.len()),
        };
        lines.push((0..columns).map(cell).collect::<Vec<_>>().join("|"));
    }
    lines.join("\n")
}

async fn screened(journal: &Sqlite) -> RunId {
    let run = RunId::named("cv-17");
    let attempt = json!({
        "record": "attempt", "run": run, "place": "extract", "attempt": 1, "model": "openai/gpt-5-mini",
        "reply": "{\"name\":\"Ann\"}", "usage": { "input_tokens": 120, "output_tokens": 7 }, "cost_nano_usd": 44000,
        "started": 1_700_000_000_100_u64, "ended": 1_700_000_000_900_u64,
    });
    let waiting = json!({
        "record": "waiting", "run": run, "place": "approve", "step": "approve", "for": "person", "at": 1_700_000_001_000_u64,
    });
    journal.append(&run, &[begin(&run, json!({}))]).await.unwrap();
    journal.append(&run, &[started(&run, "extract", json!({ "résumé": "Ann" })), record(attempt)]).await.unwrap();
    journal.append(&run, &[finished(&run, "extract", json!({ "name": "Ann" }))]).await.unwrap();
    journal.append(&run, &[started(&run, "approve", json!({})), record(waiting)]).await.unwrap();
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_readable_with_sql_while_runs_go_on() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    screened(&journal).await;
    assert_eq!(
        text(
            &path,
            "SELECT run, workflow, status, started, steps, calls, input_tokens, known_cost_usd, waits FROM runs"
        ),
        "cv-17|screen|waiting|2023-11-14 22:13:20|1|1|120|0.000044|approve"
    );
    assert_eq!(
        text(&path, "SELECT place, kind, status, input, output, ended FROM steps"),
        "extract|code|finished|{\"résumé\":\"Ann\"}|{\"name\":\"Ann\"}|2023-11-14 22:13:20.500\napprove|code|begun|{}||"
    );
    assert_eq!(
        text(&path, "SELECT place, attempt, model, reply, output_tokens, cost_usd, error FROM attempts"),
        "extract|1|openai/gpt-5-mini|{\"name\":\"Ann\"}|7|0.000044|"
    );
    assert_eq!(text(&path, "SELECT * FROM usage"), "cv-17|openai/gpt-5-mini|1|120|7|0.000044|0");
}

/// A step whose records are appended together takes less space than one with separate appends; SQL shows no difference.
#[tokio::test]
async fn a_step_that_is_added_at_once_reads_the_same_in_sql() {
    let folder = tempdir().unwrap();
    let schema = json!({ "type": "object", "description": "x".repeat(300) });
    let mut shown = Vec::new();
    for at_once in [true, false] {
        let path = folder.path().join(format!("{at_once}.db"));
        let journal = Sqlite::open(&path).unwrap();
        let run = RunId::named("cv-17");
        journal.append(&run, &[begin(&run, json!({}))]).await.unwrap();
        for place in ["extract", "map[3]/extract", "score.2"] {
            let attempt = record(json!({
                "record": "attempt", "run": run, "place": place, "attempt": 1, "model": "a/b", "schema": schema,
                "prompt": { "messages": [{ "role": "user", "content": "Hi" }] }, "reply": "7",
                "usage": { "input_tokens": 120, "output_tokens": 7 }, "cost_nano_usd": 44_000,
                "started": 1_700_000_000_101_u64, "ended": 1_700_000_000_300_u64,
            }));
            let mut begun = started(&run, place, json!({ "n": 1 }));
            if let flow_runtime::run::Record::StepStarted { step, .. } = &mut begun {
                *step = place.rsplit('/').next().unwrap().trim_end_matches(".2").to_owned();
            }
            let step = [begun, attempt, finished(&run, place, json!([null, 7]))];
            match at_once {
                true => journal.append(&run, &step).await.unwrap(),
                false => {
                    for record in &step {
                        journal.append(&run, std::slice::from_ref(record)).await.unwrap();
                    }
                }
            }
        }
        assert_eq!(journal.read(&run).await.unwrap().len(), 10);
        let steps = text(
            &path,
            "SELECT place, step, kind, status, input, output, error, started, ended FROM steps ORDER BY place",
        );
        assert!(steps.starts_with("extract|extract|code|finished|"), "{steps}");
        let attempts = "SELECT place, attempt, model, prompt, reply, input_tokens, output_tokens, cost_usd, started, ended FROM attempts ORDER BY place";
        shown.push((steps, text(&path, attempts), text(&path, "SELECT * FROM usage")));
        let bytes: usize = text(&path, "SELECT sum(length(body)) FROM entry WHERE steps > 0").parse().unwrap();
        assert!(bytes < 1_800, "{bytes}: three steps, without the schema");
        assert_eq!(text(&path, "SELECT count(*) FROM payload"), "1", "the schema is stored once");
    }
    assert_eq!(shown[0], shown[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_codec_nothing_that_was_said_is_in_the_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::options().codec(Shifted::by(77)).open(&path).unwrap();
    let run = screened(&journal).await;
    let long = "Ann said it. ".repeat(2_000);
    journal.append(&run, &[finished(&run, "b", json!(long))]).await.unwrap();
    journal.cache("key", &json!("Ann said it. "), None).await.unwrap();
    assert_eq!(text(&path, "SELECT status, steps, calls FROM runs"), "waiting|2|1");
    assert_eq!(text(&path, "SELECT note FROM steps"), "encoded with shifted-1");
    drop(journal);
    let bytes = fs::read(&path).unwrap();
    for said in ["Ann", "gpt-5", "résumé"] {
        assert!(!bytes.windows(said.len()).any(|window| window == said.as_bytes()), "`{said}` is in the file");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_input_that_steps_share_is_stored_once() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    let (run, document) = (RunId::fresh(), "x".repeat(3_000_000));
    journal.append(&run, &[begin(&run, json!({ "document": document }))]).await.unwrap();
    let mut step = started(&run, "step", json!({ "document": document, "part": 1 }));
    for n in 0..60 {
        if let flow_runtime::run::Record::StepStarted { input, .. } = &mut step {
            input["part"] = json!(n);
        }
        journal.append(&run, std::slice::from_ref(&step)).await.unwrap();
    }
    let size = |end: &str| fs::metadata(format!("{}{end}", path.display())).map_or(0, |file| file.len());
    let open: u64 = ["", "-wal", "-shm"].map(size).iter().sum();
    assert!(open < 4_800_000, "{open} bytes while it is open");
    assert_eq!(text(&path, "SELECT count(*), sum(length(body)) > 2999999 FROM payload"), "1|1");
    journal.append(&run, &[record(json!({ "record": "run_cancelled", "run": run, "at": 5 }))]).await.unwrap();
    assert_eq!(journal.prune(Stamp(6)).await.unwrap(), 1);
    assert_eq!(text(&path, "SELECT (SELECT count(*) FROM payload), (SELECT count(*) FROM mention)"), "0|0");
}

/// Another process may have pruned a value that this one believes to be stored.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_begins_anew_after_a_visitor_pruned_it_is_whole() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let (journal, visitor) = (Sqlite::open(&path).unwrap(), Sqlite::visit(&path).unwrap());
    let (run, long) = (RunId::named("again"), json!("x".repeat(20_000)));
    let records = [begin(&run, long.clone()), finished(&run, "step", long)];
    journal.append(&run, &records).await.unwrap();
    visitor.append(&run, &[record(json!({ "record": "run_cancelled", "run": run, "at": 5 }))]).await.unwrap();
    assert_eq!(visitor.prune(Stamp(6)).await.unwrap(), 1);
    for record in &records {
        journal.append(&run, std::slice::from_ref(record)).await.unwrap();
    }
    assert_eq!(journal.read(&run).await.unwrap(), records);
}

/// The same, but the visitor has started the run again, which this process learns with a delay.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_value_that_a_visitor_pruned_is_kept_again_or_nothing_is() {
    for hears in [true, false] {
        let folder = tempdir().unwrap();
        let path = folder.path().join("flow.db");
        let (journal, visitor) = (Sqlite::open(&path).unwrap(), Sqlite::visit(&path).unwrap());
        let (run, long) = (RunId::named("again"), json!("x".repeat(20_000)));
        let (begun, step) = (begin(&run, json!({})), finished(&run, "step", long));
        journal.append(&run, &[begun.clone(), step.clone()]).await.unwrap();
        visitor.append(&run, &[record(json!({ "record": "run_cancelled", "run": run, "at": 5 }))]).await.unwrap();
        assert_eq!(visitor.prune(Stamp(6)).await.unwrap(), 1);
        visitor.append(&run, std::slice::from_ref(&begun)).await.unwrap();
        if hears {
            assert_eq!(journal.news().await.unwrap(), std::slice::from_ref(&run));
            journal.append(&run, std::slice::from_ref(&step)).await.unwrap();
            assert_eq!(journal.read(&run).await.unwrap(), [begun, step]);
        } else {
            let refused = journal.append(&run, std::slice::from_ref(&step)).await.unwrap_err().to_string();
            assert!(refused.contains("another process pruned a large value"), "{refused}");
            assert_eq!(journal.read(&run).await.unwrap(), [begun], "what is not kept is not acknowledged");
        }
    }
}

/// A program may start many reads and then wait for something else.
#[tokio::test]
async fn a_reading_does_not_wait_for_those_that_nobody_polls() {
    let folder = tempdir().unwrap();
    let journal = Sqlite::open(folder.path().join("flow.db")).unwrap();
    let all = Query::all();
    let mut asked: Vec<_> = (0..20).map(|_| journal.runs(&all)).collect();
    poll_fn(|task| {
        asked.iter_mut().for_each(|reading| _ = reading.as_mut().poll(task));
        Poll::Ready(())
    })
    .await;
    let read = tokio::time::timeout(Duration::from_secs(20), journal.runs(&all)).await;
    assert_eq!(read.expect("it is read").unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visitor_adds_is_news_and_ones_own_is_not() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let journal = Sqlite::open(&path).unwrap();
    let run = screened(&journal).await;
    let fresh = RunId::fresh();
    journal.append(&fresh, &[begin(&fresh, json!({}))]).await.unwrap();

    let visitor = Sqlite::visit(&path).unwrap();
    let answer =
        json!({ "record": "answered", "run": run, "place": "approve", "answer": "accept", "by": "Ann", "at": 5 });
    visitor.append(&run, &[record(answer)]).await.unwrap();
    visitor.append(&fresh, &[record(json!({ "record": "run_cancelled", "run": fresh, "at": 5 }))]).await.unwrap();
    let mut news = journal.news().await.unwrap();
    news.sort();
    let mut expected = [run.clone(), fresh.clone()];
    expected.sort();
    assert_eq!(news, expected);
    let states: Vec<_> = journal.runs(&Query::all()).await.unwrap().into_iter().map(|run| run.status).collect();
    assert_eq!(states, [Status::Cancelled, Status::Running]);

    // The other direction; and pruning must not hide later records.
    assert_eq!(visitor.prune(Stamp(6)).await.unwrap(), 1);
    journal.append(&run, &[finished(&run, "approve", json!("accept"))]).await.unwrap();
    assert_eq!(visitor.news().await.unwrap(), std::slice::from_ref(&run));
    visitor.append(&run, &[record(json!({ "record": "run_cancelled", "run": run, "at": 7 }))]).await.unwrap();
    assert_eq!(journal.news().await.unwrap(), [run]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dropped_is_written_first() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let run = RunId::fresh();
    let journal = Sqlite::open(&path).unwrap();
    drop(journal.append(&run, &[begin(&run, json!({}))]));
    for n in 0..500 {
        drop(journal.append(&run, &[finished(&run, &format!("step[{n}]"), json!(n))]));
    }
    drop(journal);
    assert!(!path.with_extension("db-wal").exists(), "the log is in the file");
    assert_eq!(Sqlite::open(&path).unwrap().read(&run).await.unwrap().len(), 501);
}

#[tokio::test]
async fn a_file_of_the_first_format_is_brought_to_that_of_now() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let (earlier, later) = (RunId::named("earlier"), RunId::named("later"));
    let journal = Sqlite::open(&path).unwrap();
    journal.append(&earlier, &[begin(&earlier, json!({}))]).await.unwrap();
    drop(journal);
    let file = Connection::open(&path).unwrap();
    file.execute_batch("DROP VIEW runs; ALTER TABLE run DROP COLUMN offline; PRAGMA user_version = 2").unwrap();
    drop(file);

    let journal = Sqlite::open(&path).unwrap();
    let made_up =
        json!({ "record": "run_started", "run": "later", "workflow": "w", "input": {}, "offline": true, "at": 1 });
    journal.append(&later, &[record(made_up)]).await.unwrap();
    let runs = journal.runs(&Query::all()).await.unwrap();
    let runs: Vec<_> = runs.iter().map(|run| (run.run.to_string(), run.offline)).collect();
    assert_eq!(runs, [("later".to_owned(), true), ("earlier".to_owned(), false)]);
}

#[tokio::test]
async fn a_file_from_before_lines_had_numbers_goes_on() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let run = RunId::named("r");
    let journal = Sqlite::open(&path).unwrap();
    journal.append(&run, &[begin(&run, json!({}))]).await.unwrap();
    drop(journal);
    let file = Connection::open(&path).unwrap();
    file.execute_batch("DROP VIEW item; PRAGMA user_version = 3").unwrap();
    drop(file);
    let journal = Sqlite::open(&path).unwrap();
    journal.append(&run, &[started(&run, "a", json!({})), finished(&run, "a", json!(1))]).await.unwrap();
    assert_eq!(journal.read(&run).await.unwrap().len(), 3);
    assert_eq!(text(&path, "SELECT place, status FROM steps"), "a|finished");
}

#[tokio::test]
async fn what_was_cut_off_is_cancelled_for_sql_too() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let (open, ended) = (RunId::named("open"), RunId::named("ended"));
    let journal = Sqlite::open(&path).unwrap();
    let cancelled = |run: &RunId| record(json!({ "record": "step_cancelled", "run": run, "place": "b", "at": 1 }));
    for run in [&open, &ended] {
        let begun = ["a", "b", "c"].map(|place| started(run, place, json!({})));
        journal.append(run, &[&[begin(run, json!({}))], &begun[..]].concat()).await.unwrap();
        journal.append(run, &[finished(run, "a", json!(1)), cancelled(run)]).await.unwrap();
    }
    let end = record(json!({ "record": "run_cancelled", "run": "ended", "at": 2 }));
    journal.append(&ended, &[end]).await.unwrap();
    let states =
        |run: &str| text(&path, &format!("SELECT place, status FROM steps WHERE run = '{run}' ORDER BY place"));
    assert_eq!(states("open"), "a|finished\nb|cancelled\nc|begun");
    assert_eq!(states("ended"), "a|finished\nb|cancelled\nc|cancelled");
}

#[tokio::test]
async fn a_look_for_news_that_is_given_up_does_not_hold_the_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    for _ in 0..100 {
        let journal = Sqlite::open(&path).unwrap();
        let mut news = journal.news();
        poll_fn(|task| Poll::Ready(news.as_mut().poll(task).is_pending())).await;
        drop(news);
        drop(journal);
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_made_for_their_owner_alone_and_others_keep_their_mode() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink(at("target.db"), at("link.db")).unwrap();
    for (name, file) in [("flow.db", "flow.db"), ("link.db", "target.db")] {
        let journal = Sqlite::open(at(name)).unwrap();
        let run = RunId::named("r");
        journal.append(&run, &[begin(&run, json!({}))]).await.unwrap();
        assert_eq!(journal.read(&run).await.unwrap().len(), 1);
        for suffix in ["", "-wal", "-shm"] {
            assert_eq!(mode(&at(&format!("{file}{suffix}"))), 0o600, "{file}{suffix}");
        }
        drop(journal);
    }

    fs::write(at("shared.db"), "").unwrap();
    fs::set_permissions(at("shared.db"), fs::Permissions::from_mode(0o660)).unwrap();
    drop(Sqlite::open(at("shared.db")).unwrap());
    assert_eq!(mode(&at("shared.db")), 0o660);
}
