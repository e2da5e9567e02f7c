//! Processes that die and disks that fail during writes: acknowledged records are kept, and nothing else is claimed.
//!
//! The tests start this program again as the writing process. To make a disk fail, `faults.c` intercepts SQLite's system calls; it
//! is built with the same C compiler as SQLite.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use flow_runtime::journal::{Sqlite, Store};
use flow_runtime::run::{Record, RunId};
use serde_json::json;
use tempfile::tempdir;

const RUN: &str = "run";

/// The append after which the log is copied into the file.
const FILLS: u64 = 50;

/// Exit codes of a writer that could not open the journal, or not write to it.
const NOT_OPENED: i32 = 3;
const NOT_WRITTEN: i32 = 4;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [child, path, appends] = &arguments[..]
        && child == "child"
    {
        std::process::exit(write(Path::new(path), appends.parse().unwrap()));
    }
    let tests: [(&str, fn()); 5] = [
        ("what_was_acknowledged_outlives_a_killed_process", killed),
        ("what_was_acknowledged_outlives_a_failing_disk", failing_disk),
        ("a_damaged_file_is_refused_or_gives_what_was_written", damaged),
        ("a_read_only_folder_is_named", read_only),
        ("the_lock_goes_with_the_file", locked),
    ];
    // Like the standard harness: an argument selects tests by substring.
    let wanted = |name: &str| arguments.iter().all(|part| part.starts_with('-') || name.contains(part.as_str()));
    for (name, test) in tests.iter().filter(|(name, _)| wanted(name)) {
        test();
        println!("test {name} ... ok");
    }
}

/// The writing process: prints what was acknowledged.
#[tokio::main(flavor = "current_thread")]
async fn write(path: &Path, appends: u64) -> i32 {
    let run = RunId::named(RUN);
    let journal = match Sqlite::open(path) {
        Ok(journal) => journal,
        Err(error) => return tell(NOT_OPENED, &format!("error {error}")),
    };
    let has = match journal.read(&run).await {
        Ok(records) => records.len() as u64,
        Err(error) => return tell(NOT_OPENED, &format!("error {error}")),
    };
    for n in has..has + appends {
        if let Err(error) = journal.append(&run, &[record(n)]).await {
            let again = journal.append(&run, &[record(n + 1)]).await.expect_err("it goes on after a failure");
            assert_eq!(again.message(), error.message(), "every later append fails with the same");
            return tell(NOT_WRITTEN, &format!("error {error}"));
        }
        tell(0, &format!("kept {n}"));
    }
    0
}

fn tell(status: i32, line: &str) -> i32 {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
    status
}

fn record(n: u64) -> Record {
    serde_json::from_value(match n {
        0 => json!({ "record": "run_started", "run": RUN, "workflow": "count", "input": {}, "at": 1 }),
        // Occasionally a large value, to cover payloads, and once one that fills the log.
        n => {
            let length = if n == FILLS {
                5_000_000
            } else if n % 7 == 3 {
                20_000
            } else {
                400
            };
            let output = json!([n, "x".repeat(length)]);
            json!({ "record": "step_finished", "run": RUN, "place": format!("step[{n}]"), "output": output, "at": n })
        }
    })
    .unwrap()
}

/// The exit of a writer, the number of appends it reported as stored, and its last output.
struct Ended {
    status: ExitStatus,
    kept: u64,
    error: String,
}

/// Reads a writer's output until it ends; with `kill`, kills it that long after the first acknowledgement.
fn observe(command: &mut Command, kill: Option<Duration>) -> Ended {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let (mut kept, mut error) = (0, String::new());
    let mut hear = |line: String| match line.split_once(' ') {
        Some(("kept", n)) => kept = n.parse::<u64>().unwrap() + 1,
        Some(("error", text)) => error = text.to_owned(),
        _ => error.push_str(&line),
    };
    if let Some(after) = kill {
        lines.next().into_iter().for_each(&mut hear);
        thread::sleep(after);
        child.kill().unwrap();
    }
    lines.for_each(&mut hear);
    Ended { status: child.wait().unwrap(), kept, error }
}

fn writer(path: &Path, appends: u64) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg("child").arg(path).arg(appends.to_string());
    command
}

/// Checks the content of the file: in order, without gaps, each record as written.
fn whole(path: &Path) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let journal = Sqlite::open(path).unwrap();
    runtime.block_on(journal.check()).unwrap();
    let records = runtime.block_on(journal.read(&RunId::named(RUN))).unwrap();
    records.iter().enumerate().for_each(|(n, found)| assert_eq!(*found, record(n as u64)));
    records.len() as u64
}

fn killed() {
    const KILLS: u32 = 100;
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let mut had = 0;
    for _ in 0..KILLS {
        let after = Duration::from_micros(fastrand::u64(0..20_000));
        let ended = observe(&mut writer(&path, u64::MAX / 2), Some(after));
        assert_eq!(ended.status.code(), None, "it was killed, and did not end by itself: {}", ended.error);
        let has = whole(&path);
        assert!(has >= ended.kept, "{} were acknowledged, and {has} are there", ended.kept);
        assert!(has <= ended.kept + 1, "one append was under way, and {} more are there", has - ended.kept);
        assert!(has > had, "each process has kept something");
        had = has;
    }
}

#[cfg(target_os = "linux")]
fn failing_disk() {
    let folder = tempdir().unwrap();
    let library = folder.path().join("faults.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journal_faults/faults.c");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status().unwrap();
    assert!(built.success());
    // Enough appends for a checkpoint among them, whose fsync then fails.
    let cases = [("pwrite", "EIO", "I/O", 12), ("pwrite", "ENOSPC", "full", 12), ("fsync", "EIO", "I/O", FILLS + 10)];
    for (call, error, says, appends) in cases {
        let fault = Fault { library: &library, call, error, says, appends };
        let failed = (1..).take_while(|at| fault.strikes(*at)).count();
        assert!(failed > 5, "{call} failed {failed} times alone");
        println!("  {call} failed with {error} at each of {failed} calls");
    }
}

#[cfg(not(target_os = "linux"))]
fn failing_disk() {
    println!("  skipped: system calls can be intercepted only on Linux");
}

/// A system call that fails during a write.
#[cfg(target_os = "linux")]
struct Fault<'a> {
    library: &'a Path,
    call: &'a str,
    error: &'a str,
    /// A part of the error's text.
    says: &'a str,
    appends: u64,
}

#[cfg(target_os = "linux")]
impl Fault<'_> {
    /// Makes the `at`-th call fail and checks everything that must hold. Returns whether there was such a call.
    fn strikes(&self, at: u32) -> bool {
        let Self { library, call, error, says, appends } = *self;
        let folder = tempdir().unwrap();
        let (path, log) = (folder.path().join("flow.db"), folder.path().join("log"));
        let mut command = writer(&path, appends);
        command.env("LD_PRELOAD", library).env("FAULT_LOG", &log).env("FAULT_CALL", call).env("FAULT_ERROR", error);
        let ended = observe(command.env("FAULT_AT", at.to_string()), None);
        let log = fs::read_to_string(&log).unwrap_or_default();
        let case = format!("{call} {at} fails with {error}: {} after {} were kept, {log}", ended.error, ended.kept);
        let Some((_, after)) = log.split_once('F') else {
            assert_eq!((ended.status.code(), ended.kept), (Some(0), appends), "{case}");
            return false;
        };
        // A failed creation is rolled back, which ends with an fsync of its own.
        let opened = ended.status.code() != Some(NOT_OPENED);
        assert!(call != "fsync" || !opened || !after.contains('s'), "a failed fsync is followed by another: {case}");
        match ended.status.code() {
            // While closing, everything is acknowledged already and no caller is left.
            Some(0) => assert_eq!(ended.kept, appends, "{case}"),
            Some(NOT_OPENED | NOT_WRITTEN) => {
                assert!(ended.error.contains("flow.db") && ended.error.contains(says), "{case}");
            }
            other => panic!("{case}: ended with {other:?}"),
        }
        let has = whole(&path);
        assert!(has >= ended.kept, "{has} are there: {case}");
        assert!(has <= ended.kept + 1, "{has} are there: {case}");
        true
    }
}

fn damaged() {
    let folder = tempdir().unwrap();
    let (path, copy) = (folder.path().join("flow.db"), folder.path().join("copy.db"));
    assert!(observe(&mut writer(&path, FILLS), None).status.success());
    let bytes = fs::read(&path).unwrap();
    let written: Vec<Record> = (0..FILLS).map(record).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut refused, mut same) = (0, 0);
    for round in 0..300 {
        let mut damaged = bytes.clone();
        // Always include the shortest truncated file.
        let at = if round == 2 { 1 } else { fastrand::usize(0..bytes.len()) };
        match round % 3 {
            0 => damaged[at] ^= 1 << fastrand::u8(0..8),
            1 => damaged[at..].iter_mut().take(64).for_each(|byte| *byte = fastrand::u8(..)),
            _ => damaged.truncate(at),
        }
        if damaged.is_empty() {
            continue;
        }
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", copy.display()));
        }
        fs::write(&copy, &damaged).unwrap();
        let read = Sqlite::open(&copy).and_then(|journal| runtime.block_on(journal.read(&RunId::named(RUN))));
        match read {
            Ok(records) => {
                same += 1;
                assert!(records == written, "damage at {at} of kind {} gave something else", round % 3);
            }
            Err(error) => {
                refused += 1;
                assert!(error.message().contains("copy.db"), "{error}");
            }
        }
    }
    println!("  {refused} damaged files were refused, {same} were damaged in unused space");
    assert!(refused > 100);
}

/// Another process cannot bypass the lock through another name of the file, or by removing other files.
#[cfg(target_os = "linux")]
fn locked() {
    use std::os::unix::fs::symlink;

    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let executor = Sqlite::open(at("flow.db")).unwrap();
    for file in fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()) {
        assert!(["flow.db", "flow.db-wal", "flow.db-shm"].contains(&file.to_str().unwrap()), "{file:?} can be removed");
    }
    symlink("flow.db", at("link.db")).unwrap();
    fs::create_dir(at("inner")).unwrap();
    symlink(folder.path(), at("inner/back")).unwrap();
    let refuses = |name: &str, says: &str| {
        let ended = observe(&mut writer(&at(name), 1), None);
        assert_eq!(ended.status.code(), Some(NOT_OPENED), "{name}: {}", ended.error);
        assert!(ended.error.contains(says), "{name}: {}", ended.error);
    };
    let mine = format!("process {} already executes its runs", std::process::id());
    ["flow.db", "link.db", "inner/../flow.db", "inner/back/link.db"].iter().for_each(|name| refuses(name, &mine));
    fs::hard_link(at("flow.db"), at("hard.db")).unwrap();
    refuses("hard.db", "the file has 2 hard links");
    fs::remove_file(at("flow.db")).unwrap();
    refuses("hard.db", &mine);
    fs::rename(at("hard.db"), at("moved.db")).unwrap();
    refuses("moved.db", &mine);
    // A copy is a separate journal.
    fs::copy(at("moved.db"), at("copy.db")).unwrap();
    assert!(observe(&mut writer(&at("copy.db"), 1), None).status.success());
    drop(executor);
    assert!(observe(&mut writer(&at("moved.db"), 1), None).status.success());
}

#[cfg(not(target_os = "linux"))]
fn locked() {
    println!("  skipped: on systems other than Linux, a file next to the database is locked");
}

#[cfg(unix)]
fn read_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    let path = folder.path().join("flow.db");
    assert!(observe(&mut writer(&path, 5), None).status.success());
    let may = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    may(0o500);
    if fs::write(folder.path().join("probe"), "").is_ok() {
        println!("  skipped: this user can write to read-only folders");
        return may(0o700);
    }
    let ended = observe(&mut writer(&path, 5), None);
    may(0o700);
    assert_eq!(ended.status.code(), Some(NOT_OPENED));
    assert!(ended.error.contains("make") && ended.error.contains("writable"), "{}", ended.error);
}

#[cfg(not(unix))]
fn read_only() {
    println!("  skipped: folders have modes only on Unix");
}
