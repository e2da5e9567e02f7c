//! Files removed or damaged while a journal is open: nothing more is acknowledged, and an idle journal notices as well.

use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

use flow_runtime::error::ErrorKind;
use flow_runtime::journal::{Query, Sqlite, Store};
use flow_runtime::run::RunId;
use rusqlite::Connection;
use serde_json::json;
use tempfile::{TempDir, tempdir};

use crate::support::{begin, finished};

/// The damage to the files, and a part of the error it must cause.
type Harm = (&'static str, fn(&Path), &'static str);

const HARMS: &[Harm] = &[
    ("the file is deleted", |folder| fs::remove_file(folder.join("flow.db")).unwrap(), "moved or deleted"),
    (
        "the file is moved",
        |folder| fs::rename(folder.join("flow.db"), folder.join("else.db")).unwrap(),
        "moved or deleted",
    ),
    (
        "another journal is put there",
        |folder| fs::rename(folder.join("other.db"), folder.join("flow.db")).unwrap(),
        "was replaced",
    ),
    (
        "a copy of itself is put there",
        |folder| {
            fs::copy(folder.join("flow.db"), folder.join("copy.db")).unwrap();
            fs::rename(folder.join("copy.db"), folder.join("flow.db")).unwrap();
        },
        "was replaced",
    ),
    (
        "something else is put there",
        |folder| {
            fs::remove_file(folder.join("flow.db")).unwrap();
            fs::create_dir(folder.join("flow.db")).unwrap();
        },
        "was replaced",
    ),
    (
        "the log is deleted",
        |folder| fs::remove_file(folder.join("flow.db-wal")).unwrap(),
        "flow.db-wal was moved or deleted",
    ),
    (
        "the index of the log is deleted",
        |folder| fs::remove_file(folder.join("flow.db-shm")).unwrap(),
        "flow.db-shm was moved or deleted",
    ),
    ("the file is emptied", |folder| cut(&folder.join("flow.db"), |_| 0), "the file was truncated or overwritten"),
    (
        "the file is cut to half",
        |folder| cut(&folder.join("flow.db"), |length| length / 2),
        "the file was truncated or overwritten",
    ),
    (
        "the file loses a byte",
        |folder| cut(&folder.join("flow.db"), |length| length - 1),
        "the file was truncated or overwritten",
    ),
    ("the log is emptied", |folder| cut(&folder.join("flow.db-wal"), |_| 0), "its log was truncated"),
    ("the log is cut to half", |folder| cut(&folder.join("flow.db-wal"), |length| length / 2), "its log was truncated"),
    ("an earlier copy is written over it", |folder| write_over(folder, "early.db"), "restore"),
    ("another journal is written over it", |folder| write_over(folder, "other.db"), "restore"),
    (
        "text is written over it",
        |folder| fs::write(folder.join("flow.db"), "text ".repeat(100_000)).unwrap(),
        "restore",
    ),
];

fn cut(file: &Path, to: fn(u64) -> u64) {
    let file = OpenOptions::new().write(true).open(file).unwrap();
    file.set_len(to(file.metadata().unwrap().len())).unwrap();
}

/// Overwrites a file as `cp` does: same file, other content.
fn write_over(folder: &Path, from: &str) {
    let content = fs::read(folder.join(from)).unwrap();
    fs::write(folder.join("flow.db"), content).unwrap();
}

/// A journal with records in its file and its log, next to another journal and an earlier copy.
async fn begun() -> (TempDir, Sqlite) {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["other.db", "flow.db"] {
        let journal = Sqlite::open(at(name)).unwrap();
        add(&journal, "first", 300).await.unwrap();
    }
    fs::copy(at("flow.db"), at("early.db")).unwrap();
    let journal = Sqlite::open(at("flow.db")).unwrap();
    add(&journal, "second", 900).await.unwrap();
    drop(journal);
    let journal = Sqlite::open(at("flow.db")).unwrap();
    add(&journal, "third", 20).await.unwrap();
    (folder, journal)
}

/// Adds a run with the given number of steps.
async fn add(journal: &Sqlite, run: &str, steps: usize) -> flow_runtime::error::Result<()> {
    let run = RunId::named(run);
    let mut records = vec![begin(&run, json!({}))];
    records.extend((0..steps).map(|n| finished(&run, &format!("s[{n}]"), json!("x".repeat(500)))));
    journal.append(&run, &records).await
}

fn told(error: &flow_runtime::error::Error, folder: &Path, name: &str, says: &str) {
    assert_eq!(*error.kind(), ErrorKind::Journal, "{name}: {error}");
    let path = fs::canonicalize(folder).unwrap().join("flow.db");
    let beginning = format!("journal {}: ", path.display());
    assert!(error.message().starts_with(&beginning) && error.message().contains(says), "{name}: {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_after_the_file_has_gone() {
    for (name, harm, says) in HARMS {
        let (folder, journal) = begun().await;
        harm(folder.path());
        let error = add(&journal, "fourth", 1).await.expect_err(name);
        told(&error, folder.path(), name, says);
        let again = add(&journal, "fifth", 1).await.expect_err(name);
        assert_eq!(again.message(), error.message(), "{name}: every later append fails with the same");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn that_the_file_has_gone_is_news() {
    for (name, harm, says) in HARMS {
        let (folder, journal) = begun().await;
        harm(folder.path());
        let error = journal.news().await.expect_err(name);
        told(&error, folder.path(), name, says);
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_moved_takes_the_file_away() {
    let (folder, journal) = begun().await;
    let (inner, moved) = (folder.path().join("inner"), folder.path().join("moved"));
    fs::create_dir(&inner).unwrap();
    let within = Sqlite::open(inner.join("flow.db")).unwrap();
    add(&within, "first", 1).await.unwrap();
    fs::rename(&inner, &moved).unwrap();
    let error = add(&within, "second", 1).await.unwrap_err();
    assert!(error.message().contains("was moved or deleted"), "{error}");
    add(&journal, "fourth", 1).await.unwrap();
}

/// A file that was replaced is not read either.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_another_file_is_not_read() {
    let (folder, journal) = begun().await;
    fs::rename(folder.path().join("other.db"), folder.path().join("flow.db")).unwrap();
    let error = journal.runs(&Query::all()).await.unwrap_err();
    told(&error, folder.path(), "read", "was replaced");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sqlite_itself_does_to_the_file_is_no_harm() {
    let (folder, journal) = begun().await;
    let path = folder.path().join("flow.db");
    let shell = |sql: &str| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let third = RunId::named("third");
    for (n, sql) in [
        "PRAGMA wal_checkpoint(PASSIVE)",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "UPDATE run SET workflow = 'renamed' WHERE name = 'first'; PRAGMA wal_checkpoint(FULL)",
        "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)",
    ]
    .into_iter()
    .enumerate()
    {
        shell(sql);
        journal.append(&third, &[finished(&third, &format!("more[{n}]"), json!(n))]).await.expect(sql);
        drop(Sqlite::visit(&path).unwrap());
        shell("PRAGMA wal_checkpoint(TRUNCATE)");
        assert!(tokio::time::timeout(Duration::from_millis(600), journal.news()).await.is_err(), "{sql}");
        journal.append(&third, &[finished(&third, &format!("more[{n}]"), json!(n))]).await.expect(sql);
    }
    journal.check().await.unwrap();
    assert_eq!(journal.read(&third).await.unwrap().len(), 1 + 20 + 8);
}
