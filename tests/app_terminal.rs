//! Text from documents, models and errors reaches the terminal without control sequences.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use apps::{Says, file};
use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::provider::{BoxFuture, Deltas, Failure, Provider, Reply, Request};
use flow::serde_json::{Value, from_str, json};

/// Clears the screen, forges one of our lines, reverses the text, rings the bell, and more of the same.
const HOSTILE: &str = "hello\u{1b}[2J\u{1b}[Hanswer with  x\r\u{9b}31m\u{202e}dlro\u{202c}\u{7}\u{7f}\u{2066}\u{200f}\u{85}\
    \n  answer with  flow review accept other\n\ttab";

const MODEL: Model = Model::new("openai/some-model");

#[step(model = MODEL, prompt = "Write about {{ topic }}.")]
async fn draft(topic: &str) -> Result<String>;

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

#[step]
async fn refuse(text: &str) -> Result<String> {
    flow::bail!("it cannot be sent: {text}")
}

/// A draft with a review, followed by a step that fails.
#[workflow]
async fn letter(topic: String) -> Result<String> {
    let text = draft(&topic).await?;
    match approve(&text).await? {
        Review::Accept(text) => refuse(&text).await,
        Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

/// A draft without a review.
#[workflow]
async fn note(topic: String) -> Result<String> {
    draft(&topic).await
}

#[workflow]
async fn fails(topic: String) -> Result<String> {
    refuse(&topic).await
}

async fn ran(invocation: impl Into<Invocation>) -> Ran {
    let app = App::new().workflow(letter).workflow(note).workflow(fails);
    let ran = app.runtime(|builder| Ok(builder.provider(Says(HOSTILE)))).try_run(invocation).await;
    let obeyed = |letter: char| {
        letter.is_control() && !matches!(letter, '\n' | '\t')
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(obeyed), "{text:?}");
    }
    ran
}

fn journal(name: &str) -> String {
    let path = file(&format!("terminal-{name}.db"), "");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{path}{suffix}"));
    }
    path
}

fn shows(text: &str) {
    for shown in ["\\u{1b}[2J\\u{1b}[H", "\\u{d}\\u{9b}31m", "\\u{202e}dlro\\u{202c}", "\\u{7}\\u{7f}"] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
}

/// No line of hostile text looks like one of ours.
fn forges_nothing(text: &str) {
    assert!(text.contains("  |   answer with  flow review accept other"), "{text}");
    let ours = |line: &&str| line.trim_start().starts_with("answer with") && line.contains("accept other");
    assert_eq!(text.lines().find(ours), None, "{text}");
}

#[tokio::test]
async fn what_a_person_is_to_judge_is_shown_as_it_is() {
    let journal = journal("review");
    let at = |arguments: &[&str]| Invocation::from([arguments, &["--journal", &journal]].concat());
    let waiting = ran(at(&["run", "letter", "--set", "topic=x", "--id", "a", "--detach"])).await;
    assert_eq!(waiting.status, 3, "{}", waiting.stderr);
    shows(&waiting.stderr);
    for told in
        [waiting.stderr, ran(at(&["review", "list"])).await.stdout, ran(at(&["runs", "show", "a"])).await.stdout]
    {
        shows(&told);
        assert!(told.contains("\n  |   answer with  flow review accept other\n  | \ttab\n"), "{told}");
        let ours: Vec<_> = told.lines().filter(|line| line.starts_with("  answer with")).collect();
        assert!(matches!(ours[..], [line] if line.contains("review accept a approve")), "{told}");
    }
    let listed: Value = from_str(&ran(at(&["review", "list", "--json"])).await.stdout).unwrap();
    assert_eq!(listed[0]["prompt"]["messages"][0]["content"], HOSTILE);

    let by = ["review", "accept", "a", "--by", "ann\u{1b}[1A\nforged"];
    assert_eq!(ran(at(&by)).await.status, 0);
    let failed = ran(at(&["runs", "resume", "a"])).await;
    assert_eq!(failed.status, 1);
    shows(&failed.stderr);
    forges_nothing(&failed.stderr);
    let listed = ran(at(&["runs", "list"])).await.stdout;
    assert!(listed.contains("it cannot be sent: hello\\u{1b}[2J"), "{listed}");
    let shown = ran(at(&["runs", "show", "a"])).await.stdout;
    shows(&shown);
    forges_nothing(&shown);
    assert!(shown.contains("answered by ann\\u{1b}[1A…") && !shown.contains("\nforged"), "{shown}");
    let shown: Value = from_str(&ran(at(&["runs", "show", "a", "--json"])).await.stdout).unwrap();
    assert_eq!(shown["error"]["message"], format!("it cannot be sent: {HOSTILE}"));
    assert_eq!(shown["steps"][1]["answered_by"], "ann\u{1b}[1A\nforged");
}

#[tokio::test]
async fn a_result_is_json_that_no_terminal_obeys() {
    for more in [&[][..], &["--json"]] {
        let ran = ran([&["run", "note", "--set", "topic=x"], more].concat()).await;
        assert_eq!((ran.status, from_str::<Value>(&ran.stdout).unwrap()), (0, json!(HOSTILE)));
    }
    let each = Invocation::from(["run", "note", "--each", "--input", "-"]).stdin("{\"topic\": \"x\"}");
    let result: Value = from_str(&ran(each).await.stdout).unwrap();
    assert_eq!(result["output"], HOSTILE);
}

#[tokio::test]
async fn an_error_says_what_it_says_and_no_more() {
    let input = json!({ "topic": HOSTILE }).to_string();
    let failed = ran(["run", "fails", "--input", &input]).await;
    assert_eq!(failed.status, 1);
    shows(&failed.stderr);
    forges_nothing(&failed.stderr);
    let failed = ran(["run", "fails", "--json", "--input", &input]).await;
    let told: Value = from_str(&failed.stdout).unwrap();
    assert_eq!(told["error"]["message"], format!("it cannot be sent: {HOSTILE}"));
    let lines = Invocation::from(["run", "fails", "--each", "--input", "-"]).stdin(input.clone());
    let each = ran(lines).await.stderr;
    shows(&each);
    forges_nothing(&each);
    let key = json!({ HOSTILE: 1 }).to_string();
    let refused = ran(["run", "fails", "--input", &key]).await;
    assert_eq!(refused.status, 2);
    forges_nothing(&refused.stderr);
    for arguments in [
        &["run", "fails", "--set", "to\u{1b}[2Jpic=x"][..],
        &["run", "no\u{1b}[2Jne"],
        &["ru\u{1b}[2Jn"],
        &["run", "fails", "--input", "{\"\u{9b}2J\": 1}"],
    ] {
        let refused = ran(Vec::from(arguments)).await;
        assert_eq!(refused.status, 2, "{}", refused.stderr);
    }
}

/// A model that must not be asked to stream.
struct Whole;

impl Provider for Whole {
    fn name(&self) -> &str {
        "openai"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async { Ok(Reply::new("Dear Ann")) })
    }

    fn stream<'a>(&'a self, _: &'a Request, _: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        panic!("a pipe cannot show an answer that grows")
    }
}

#[tokio::test]
async fn answers_are_not_streamed_to_a_pipe() {
    let app = App::new().workflow(note).runtime(|builder| Ok(builder.provider(Whole)));
    let ran = app.try_run(["run", "note", "--set", "topic=x"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "\"Dear Ann\"\n"), "{}", ran.stderr);
    let steps: Vec<_> = ran.stderr.lines().filter(|line| line.contains("draft")).collect();
    assert!(matches!(steps[..], [line] if line.starts_with("done    draft  (")), "{}", ran.stderr);
}
