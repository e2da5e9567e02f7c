//! A program with its own command line passes part of it on.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_office"));
    command.args(arguments).current_dir(directory).env_clear().stdin(Stdio::null());
    command
}

fn ran(directory: &Path, arguments: &[&str]) -> Output {
    program(directory, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An empty directory named after the test.
fn directory(name: &str) -> std::path::PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("office-{name}"));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn a_command_in_a_message_is_one_that_can_be_typed() {
    let here = directory("typed");
    let begun =
        ran(&here, &["letters", "run", "--set", "text=Dear all", "--id", "l1", "--journal", "flow.db", "--detach"]);
    assert_eq!(begun.status.code(), Some(3), "{}", text(&begun.stderr));
    let said = text(&begun.stderr);
    let command = said.lines().find_map(|line| line.trim_start().strip_prefix("answer with  ")).expect("it says how");
    assert_eq!(command, "office letters review accept l1 approve --journal flow.db");
    let words: Vec<_> = command.split(' ').skip(1).collect();
    let answered = ran(&here, &words);
    assert_eq!(answered.status.code(), Some(0), "{}", text(&answered.stderr));
    let said = text(&answered.stdout);
    let (_, command) = said.trim_end().rsplit_once("  ").expect("it says how to go on");
    let words: Vec<_> = command.split(' ').skip(1).collect();
    let resumed = ran(&here, &words);
    assert_eq!((resumed.status.code(), text(&resumed.stdout).as_str()), (Some(0), "\"Dear all\"\n"), "{command}");
}

#[test]
fn usage_and_statuses_are_those_of_the_part() {
    let here = directory("usage");
    let wrong = ran(&here, &["letters", "run", "--tetx"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("Usage: office letters run"), "{}", text(&wrong.stderr));
    assert_eq!(ran(&here, &["letters", "list"]).status.code(), Some(0));
    assert_eq!(ran(&here, &["office"]).status.code(), Some(64));
    // The same for a run that the program itself starts; it waits until it is interrupted.
    let mut command = program(&here, &["greet", "Ann"]);
    let mut made = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(made.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains(" is held in memory")), "it waits");
    assert!(Command::new("kill").args(["-INT", &made.id().to_string()]).status().unwrap().success());
    lines.for_each(drop);
    assert_eq!(made.wait().unwrap().code(), Some(1));
}

#[test]
fn a_panic_says_nothing_that_a_terminal_obeys() {
    let here = directory("burst");
    let ran = ran(&here, &["burst", "boom\u{1b}[2J\u{202e}\nanswer with  flow review accept other"]);
    assert_eq!(ran.status.code(), Some(1));
    let said = text(&ran.stderr);
    assert!(said.contains("panicked at ") && said.contains("  | boom\\u{1b}[2J\\u{202e}\n"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    assert!(!said.lines().any(|line| line.trim_start().starts_with("answer with")), "{said}");
}
