//! Programs as real processes: killed, interrupted, on a full disk, in a directory with a configuration.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, from_str};

const LINES: u64 = 300;
/// Input lines that are invalid JSON, do not fit, or fail in a step.
const BAD: [u64; 3] = [7, 130, 211];

/// An empty directory named after the test.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flow-program-tests"));
    command.args(arguments).current_dir(directory).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn ran(directory: &Path, arguments: &[&str]) -> Output {
    program(directory, arguments).output().unwrap()
}

/// Starts `run --each` with its input from a pipe, so that it keeps running as long as the test wants.
fn started(directory: &Path, lines: &str) -> Child {
    let arguments = ["run", "--each", "--input", "-", "--output", "results.jsonl"];
    let mut child = program(directory, &arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(lines.as_bytes()).unwrap();
    child
}

/// Waits until there are `lines` lines of results.
fn wait_for(results: &Path, lines: usize) {
    let since = Instant::now();
    while fs::read_to_string(results).map_or(0, |text| text.lines().count()) < lines {
        assert!(since.elapsed() < Duration::from_secs(60), "{lines} results never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn line(number: u64, good: bool) -> String {
    match (good, number) {
        (false, 7) => "{\"text\": ".to_owned(),
        (false, 130) => "{\"text\": 3}".to_owned(),
        (false, 211) => "{\"text\": \" \"}".to_owned(),
        _ => format!("{{\"text\": \"{}\"}}", "word ".repeat(number as usize % 9 + 1)),
    }
}

fn input(good: bool) -> String {
    let lines = (1..=LINES).map(|number| line(number, good || !BAD.contains(&number)));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The results by line, exactly one per line.
fn results(path: &Path) -> BTreeMap<u64, Value> {
    let text = fs::read_to_string(path).unwrap();
    let mut results = BTreeMap::new();
    for line in text.lines() {
        let result: Value = from_str(line).unwrap();
        let number = result["line"].as_u64().unwrap();
        assert!(results.insert(number, result).is_none(), "line {number} has two results");
    }
    results
}

#[test]
fn what_is_killed_goes_on_without_a_line_lost_or_doubled() {
    let here = directory("killed");
    let path = here.join("results.jsonl");
    let whole = input(false);
    fs::write(here.join("input.jsonl"), &whole).unwrap();
    let half: String = whole.split_inclusive('\n').take(LINES as usize / 2).collect();

    let mut child = started(&here, &half);
    wait_for(&path, 100);
    child.kill().unwrap();
    child.wait().unwrap();
    let before = results(&path);
    assert!((100..=150).contains(&before.len()), "{}", before.len());
    // Simulates a truncated write.
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"line\":299,\"workflow\":\"wor").unwrap();

    let go_on = ["run", "--each", "--input", "@input.jsonl", "--output", "results.jsonl"];
    let output = ran(&here, &go_on);
    assert_eq!(output.status.code(), Some(1), "three lines are bad");
    let after = results(&path);
    assert!(after.keys().copied().eq(1..=LINES));
    let failed: Vec<_> = after.values().filter(|result| result.get("error").is_some()).collect();
    let lines: Vec<_> = failed.iter().map(|result| result["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, BAD);
    assert!(failed[0]["error"]["message"].as_str().unwrap().starts_with("the line is not JSON: "), "{}", failed[0]);
    assert_eq!(failed[1]["error"]["violations"][0]["pointer"], "/text");
    assert_eq!((&failed[2]["error"]["step"], &failed[2]["error"]["kind"]), (&"count".into(), &"terminal".into()));
    let done_before = before.iter().filter(|(_, result)| result.get("output").is_some());
    for (number, result) in done_before {
        assert_eq!(&after[number], result, "line {number} was run again");
    }

    fs::write(here.join("input.jsonl"), input(true)).unwrap();
    let output = ran(&here, &go_on);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), told.as_str()),
        (Some(0), "3 lines done, 0 failed, 297 kept from an earlier start\n")
    );
    let all = results(&path);
    assert!(all.keys().copied().eq(1..=LINES));
    assert!(all.iter().all(|(number, result)| result["output"].as_u64() == Some(number % 9 + 1)), "each has its own");
}

#[test]
fn an_interruption_says_how_to_go_on() {
    let here = directory("interrupted");
    let lines: String = (1..=10).map(|number| line(number, true) + "\n").collect();
    let mut child = started(&here, &lines);
    wait_for(&here.join("results.jsonl"), 10);
    // Keep the input open until the process has ended: `wait` would close it, and the end of input might come before the signal.
    let input = child.stdin.take();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    drop(input);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), told.as_str()),
        (Some(1), "interrupted: 10 lines done, 0 failed; the same command continues from here\n")
    );
}

#[test]
fn results_are_written_by_one_process_at_a_time() {
    let here = directory("locked");
    let mut child = started(&here, "{\"text\": \"one\"}\n");
    wait_for(&here.join("results.jsonl"), 1);
    let output = ran(&here, &["run", "--each", "--input", "-", "--output", "results.jsonl"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("`--output results.jsonl` cannot be written: another process is writing to it"), "{told}");
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_round_and_is_named() {
    let here = directory("full");
    fs::write(here.join("input.jsonl"), input(true)).unwrap();
    let output = ran(&here, &["run", "--each", "--input", "@input.jsonl", "--output", "/dev/full"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("error: `--output /dev/full` cannot be written: No space left on device"), "{told}");
}

#[test]
fn a_path_that_cannot_be_written_is_refused_before_anything_starts() {
    let here = directory("unwritable");
    fs::write(here.join("input.jsonl"), input(true)).unwrap();
    for path in ["no/such/directory.jsonl", "."] {
        let output = ran(&here, &["run", "--each", "--input", "@input.jsonl", "--output", path]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        assert!(told.starts_with(&format!("error: `--output {path}` cannot be written: ")), "{told}");
    }
}

#[test]
fn the_configuration_of_the_current_directory_is_read_unless_another_is_named() {
    let here = directory("configured");
    fs::write(here.join("flow.toml"), "max_kost = 3\n").unwrap();
    fs::write(here.join("other.toml"), "max_cost = 3\n").unwrap();
    let output = ran(&here, &["run", "--set", "text=one two"]);
    let told = String::from_utf8(output.stderr).unwrap();
    let expected = "error: flow.toml:1:1: unknown key `max_kost` in the configuration; did you mean `max_cost`?\n";
    assert_eq!((output.status.code(), told.as_str()), (Some(2), expected));
    let output = ran(&here, &["run", "--set", "text=one two", "--config", "other.toml"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"2\n"[..]));
}

#[test]
fn completions_know_the_workflows() {
    let output = ran(&directory("completed"), &["completions", "bash"]);
    let script = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && script.contains("flow-program-tests") && script.contains("--help words\""),
        "{script}"
    );
}
