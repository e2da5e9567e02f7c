//! Several processes over one journal: one executes, others answer; one is killed, another continues.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, from_slice};

/// An empty directory named after the test.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("letters-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_letters"));
    command.args(arguments).current_dir(directory).env_clear().env("FLOW_JOURNAL", "flow.db").env("USER", "ann");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn ran(directory: &Path, arguments: &[&str]) -> Output {
    program(directory, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const RUN: [&str; 5] = ["run", "--set", "file=done.txt", "--id", "l1"];

/// A process whose run waits for a person.
fn waiting(directory: &Path) -> Child {
    until_it_waits(program(directory, &RUN))
}

fn until_it_waits(mut command: Command) -> Child {
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().ends_with(" review accept l1 approve")), "it says how it is answered");
    // Drain the pipe: a closed or full one would stop the process.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

fn wait_for(path: &Path, part: &str) {
    let since = Instant::now();
    while !fs::read_to_string(path).unwrap_or_default().contains(part) {
        assert!(since.elapsed() < Duration::from_secs(60), "`{part}` never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn output(mut child: Child) -> (Option<i32>, String) {
    let mut told = String::new();
    child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    (child.wait().unwrap().code(), told)
}

#[test]
fn another_process_answers_and_the_one_that_executes_goes_on() {
    let here = directory("answered");
    let child = waiting(&here);
    let listed = ran(&here, &["review", "list", "--json"]);
    assert_eq!(from_slice::<Value>(&listed.stdout).unwrap()[0]["place"], "approve");
    let second = ran(&here, &RUN);
    assert_eq!(second.status.code(), Some(2));
    assert!(text(&second.stderr).contains("executes its runs, and only one may"), "{}", text(&second.stderr));

    let answered = ran(&here, &["review", "edit", "l1", "--value", "\"Dear Ann\""]);
    assert_eq!(answered.status.code(), Some(0), "{}", text(&answered.stderr));
    assert!(
        text(&answered.stdout).ends_with("the process that executes the journal continues if it has the workflow\n")
    );
    assert_eq!(output(child), (Some(0), "\"Dear Ann\"\n".to_owned()));
    assert_eq!(fs::read_to_string(here.join("done.txt")).unwrap(), "draft\nsend\n");
    let shown = from_slice::<Value>(&ran(&here, &["runs", "show", "l1", "--json"]).stdout).unwrap();
    assert_eq!(shown["steps"][1]["answered_by"], "ann");
}

#[test]
fn what_is_killed_is_answered_and_resumed() {
    let here = directory("killed");
    let mut child = waiting(&here);
    child.kill().unwrap();
    child.wait().unwrap();
    let answered = ran(&here, &["review", "accept", "l1"]);
    assert!(text(&answered.stdout).ends_with(" runs resume l1\n"), "{}", text(&answered.stdout));

    // Kill it again, in the middle of the last step.
    fs::write(here.join("slow"), "").unwrap();
    let mut child = program(&here, &["runs", "resume", "l1", "--quiet"]).spawn().unwrap();
    wait_for(&here.join("done.txt"), "send");
    child.kill().unwrap();
    child.wait().unwrap();
    fs::remove_file(here.join("slow")).unwrap();
    let again = ran(&here, &RUN);
    assert_eq!(
        (again.status.code(), text(&again.stdout).as_str()),
        (Some(0), "\"Dear all\"\n"),
        "{}",
        text(&again.stderr)
    );
    assert_eq!(
        fs::read_to_string(here.join("done.txt")).unwrap(),
        "draft\nsend\nsend\n",
        "what had finished is not done again"
    );
}

#[test]
fn another_process_cancels_and_begins_anew() {
    let here = directory("cancelled");
    let child = waiting(&here);
    assert_eq!(ran(&here, &["runs", "cancel", "l1"]).status.code(), Some(0));
    assert_eq!(output(child), (Some(1), String::new()));

    let child = program(&here, &["run", "--set", "file=other.txt", "--id", "l2"]).spawn().unwrap();
    wait_for(&here.join("other.txt"), "draft");
    let rerun = ran(&here, &["runs", "rerun", "l1", "--id", "l3"]);
    assert!(text(&rerun.stdout).starts_with("run l3 is recorded; the process"), "{}", text(&rerun.stderr));
    let since = Instant::now();
    while !text(&ran(&here, &["review", "list"]).stdout).contains("run l3 of letter") {
        assert!(since.elapsed() < Duration::from_secs(60), "the new run never waited");
    }
    ran(&here, &["review", "accept", "l2"]);
    assert_eq!(output(child).0, Some(0));
}

#[test]
fn an_interruption_leaves_the_run_to_the_journal() {
    let here = directory("interrupted");
    let child = waiting(&here);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(output(child), (Some(1), String::new()));
    assert_eq!(ran(&here, &["review", "accept", "l1"]).status.code(), Some(0));
    let resumed = ran(&here, &["runs", "resume"]);
    assert_eq!((resumed.status.code(), text(&resumed.stdout).as_str()), (Some(0), "finished  l1\n"));
}

#[test]
fn what_is_recorded_is_for_its_owner_alone_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let here = directory("private");
    let script = format!("umask 000; exec \"{}\" \"$@\"", env!("CARGO_BIN_EXE_letters"));
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &script, "sh"]).args(RUN).args(["--trace", "trace.jsonl"]).current_dir(&here).env_clear();
    command.env("FLOW_JOURNAL", "flow.db").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = until_it_waits(command);
    let mut files: Vec<_> = fs::read_dir(&here)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().permissions().mode() & 0o777)
        })
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    files.sort();
    // Ignore the file written by the step itself.
    files.retain(|(name, _)| name != "done.txt");
    for name in ["flow.db", "flow.db-shm", "flow.db-wal", "trace.jsonl"] {
        assert!(files.iter().any(|(there, _)| there == name), "{name} is not there: {files:?}");
    }
    assert!(files.iter().all(|(_, mode)| *mode == 0o600), "{files:?}");
}

#[test]
fn an_interruption_ends_a_run_that_waits_in_memory() {
    let here = directory("in-memory");
    let mut command = program(&here, &RUN);
    command.env_remove("FLOW_JOURNAL");
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("  run l1 is held in memory")), "it says how it could be answered");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let said: Vec<_> = lines.collect();
    let gone = "interrupted: the run was held in memory and is lost; with --journal FILE it could be continued";
    assert!(said.last().is_some_and(|line| line.ends_with(gone)), "{said:?}");
    assert_eq!(output(child), (Some(1), String::new()));
    assert_eq!(fs::read_to_string(here.join("done.txt")).unwrap(), "draft\n");
}
