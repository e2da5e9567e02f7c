//! A program that serves a journal with a run of another build.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::{Value, from_str, json};

/// An empty directory named after the test.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serve-{name}"));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn program(directory: &Path, path: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(path);
    command.args(arguments).current_dir(directory).env_clear().env("FLOW_JOURNAL", "flow.db");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A process that is killed when the test ends, even if it fails.
struct Tied(Child);

impl Drop for Tied {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// A serving process and the lines it prints.
struct Serving {
    child: Tied,
    lines: Lines<BufReader<ChildStderr>>,
    at: String,
}

impl Serving {
    fn begin(directory: &Path, path: &str) -> Self {
        let mut child = program(directory, path, &["serve", "--addr", "127.0.0.1:0"]).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let listening = lines.next().expect("it says where it listens").unwrap();
        let at = listening.strip_prefix("listening on http://").unwrap_or_else(|| panic!("{listening}"));
        Self { at: at.to_owned(), child: Tied(child), lines }
    }

    /// The next line printed; panics if there is none.
    fn line(&mut self) -> String {
        self.lines.next().expect("it tells more").unwrap()
    }

    fn asked(&self, request: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.at).unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.at,
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}")))
    }

    /// Interrupts it; returns its exit status and the remaining lines.
    fn interrupted(mut self) -> (Option<i32>, Vec<String>) {
        assert!(Command::new("kill").args(["-INT", &self.child.0.id().to_string()]).status().unwrap().success());
        let told = self.lines.map(Result::unwrap).collect();
        (self.child.0.wait().unwrap().code(), told)
    }
}

#[test]
fn a_run_of_another_build_is_told_at_start_and_takes_no_answer() {
    let here = directory("unfit");
    let letters = env!("CARGO_BIN_EXE_letters");
    let begin = ["run", "--set", "file=done.txt", "--id", "l1", "--detach"];
    assert_eq!(program(&here, letters, &begin).output().unwrap().status.code(), Some(3), "it waits");

    let mut later = Serving::begin(&here, env!("CARGO_BIN_EXE_letters_later"));
    assert_eq!(later.line(), "unfinished runs in the journal: 1");
    let told = later.line();
    let why = told.strip_prefix("run l1 cannot continue: ").unwrap_or_else(|| panic!("{told}"));
    assert!(why.starts_with("run `l1` was started by another build of workflow `letter` and cannot continue"), "{why}");

    let (status, run) = later.asked("GET /runs/l1", "");
    assert_eq!((status, &run["status"]), (200, &json!("waiting")), "{run}");
    assert_eq!((&run["error"]["kind"], &run["error"]["detail"]), (&json!("diverged"), &json!(why)), "{run}");
    let (_, list) = later.asked("GET /runs", "");
    assert_eq!((&list["runs"][0]["id"], &list["runs"][0]["error"]), (&json!("l1"), &json!(why)), "{list}");
    for place in ["approve", "agree"] {
        let (status, problem) = later.asked(&format!("POST /runs/l1/answers/{place}"), r#"{"decision": "accept"}"#);
        assert_eq!((status, &problem["type"]), (409, &json!("/problems/cannot-go-on")), "{problem}");
        assert_eq!(problem["detail"], why);
    }
    assert_eq!(later.interrupted(), (Some(0), Vec::new()), "each is told once");

    // The build that started the run reports nothing and accepts the answer.
    let mut first = Serving::begin(&here, letters);
    assert_eq!(first.line(), "unfinished runs in the journal: 1");
    let (status, run) = first.asked("POST /runs/l1/answers/approve", r#"{"decision": "accept"}"#);
    assert_eq!(status, 200, "{run}");
    let (_, run) = first.asked("GET /runs/l1?wait=60s", "");
    assert_eq!((&run["status"], &run["output"]), (&json!("finished"), &json!("Dear all")), "{run}");
    assert_eq!(first.interrupted(), (Some(0), Vec::new()));
}
