//! Commands suggested in messages work as printed, and messages claim nothing about processes they cannot see.
#![cfg(feature = "cli")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flow::App;
use flow::app::Ran;
use flow::journal::{Sqlite, Store};
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::{from_value, json};

/// Whether sending fails.
#[derive(Clone, Default)]
struct Down(Arc<AtomicBool>);

#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

#[step]
async fn send(text: &str, #[state] down: &Down) -> Result<usize> {
    if down.0.load(Ordering::Relaxed) { flow::bail!("the post office is closed") } else { Ok(text.len()) }
}

#[workflow]
async fn letter(text: String, #[state] down: &Down) -> Result<usize> {
    match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => send(&text, down).await,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[workflow]
async fn later(text: String) -> Result<usize> {
    flow::sleep("7d").await?;
    Ok(text.len())
}

/// A journal shared by consecutive starts of the program.
struct Desk {
    journal: PathBuf,
    down: Down,
}

impl Desk {
    /// `name` must be unique to the test.
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("advice-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { journal: folder.join("flow.db"), down: Down::default() }
    }

    fn app(&self) -> App {
        App::new().workflow(letter).workflow(later).state(self.down.clone())
    }

    async fn ran(&self, words: &[&str]) -> Ran {
        let words = words.iter().copied().chain(["--journal", self.journal.to_str().unwrap()]);
        self.app().try_run(words.collect::<Vec<_>>()).await
    }

    async fn begun(&self, workflow: &str, id: &str) -> Ran {
        let ran = self.ran(&["run", workflow, "--set", "text=Dear all", "--id", id, "--detach"]).await;
        assert_eq!(ran.status, 3, "{}", ran.stderr);
        ran
    }

    /// Runs a suggested command verbatim.
    async fn typed(&self, command: &str) -> Ran {
        self.app().try_run(command.split(' ').skip(1).collect::<Vec<_>>()).await
    }
}

/// The commands suggested in a text.
fn advised(text: &str) -> Vec<&str> {
    let known = ["answer with  ", "         or  ", "continue with  ", "continue it with  "];
    let lines = text.lines().filter_map(|line| known.iter().find_map(|start| line.split_once(start)));
    lines.map(|(_, command)| command).filter(|command| !command.ends_with("JSON")).collect()
}

#[tokio::test]
async fn what_waits_is_answered_and_resumed_as_it_is_said() {
    let desk = Desk::new("waits");
    let said = desk.begun("letter", "l1").await.stderr;
    let [accept, reject, resume] = advised(&said)[..] else { panic!("{said}") };
    assert!(accept.contains("review accept l1 approve") && reject.contains("review reject"), "{said}");
    // Unanswered steps keep waiting.
    assert_eq!(desk.typed(resume).await.status, 3);
    let answered = desk.typed(accept).await;
    assert_eq!(answered.status, 0, "{}", answered.stderr);
    assert_eq!(advised(&answered.stdout), [resume]);
    assert_eq!(desk.typed(resume).await.stdout, "8\n");
}

#[tokio::test]
async fn a_run_that_waits_for_its_time_is_said_to_go_on_then() {
    let desk = Desk::new("time");
    let said = desk.begun("later", "t1").await.stderr;
    assert!(said.contains("run t1 waits; after 2") && !said.contains("answered"), "{said}");
    let [resume] = advised(&said)[..] else { panic!("{said}") };
    assert_eq!(desk.typed(resume).await.status, 3);
}

#[tokio::test]
async fn only_a_run_with_a_step_to_try_again_is_said_to_go_on() {
    let desk = Desk::new("failed");
    desk.begun("letter", "l1").await;
    desk.ran(&["review", "accept", "l1"]).await;
    desk.down.0.store(true, Ordering::Relaxed);
    let failed = desk.ran(&["runs", "resume", "l1"]).await;
    let [resume] = advised(&failed.stderr)[..] else { panic!("{}", failed.stderr) };
    desk.down.0.store(false, Ordering::Relaxed);
    assert_eq!(desk.typed(resume).await.stdout, "8\n");

    desk.begun("letter", "l2").await;
    desk.ran(&["review", "reject", "l2", "--reason", "too short"]).await;
    let rejected = desk.ran(&["runs", "resume", "l2"]).await;
    assert!(rejected.status == 1 && rejected.stderr.contains("rejected: too short"), "{}", rejected.stderr);
    assert!(advised(&rejected.stderr).is_empty(), "it would be rejected again: {}", rejected.stderr);
}

#[tokio::test]
async fn nothing_is_promised_of_another_process() {
    let desk = Desk::new("elsewhere");
    desk.begun("letter", "waits").await;
    desk.begun("letter", "failed").await;
    desk.ran(&["review", "accept", "failed"]).await;
    desk.down.0.store(true, Ordering::Relaxed);
    assert_eq!(desk.ran(&["runs", "resume", "failed"]).await.status, 1);
    let executing = Sqlite::open(&desk.journal).unwrap();
    let began = json!({
        "record": "run_started", "run": "open", "workflow": "letter", "input": { "text": "Dear all" }, "at": 1,
    });
    let began: Record = from_value(began).unwrap();
    executing.append(&RunId::named("open"), &[began]).await.unwrap();

    let waits = desk.ran(&["runs", "resume", "waits"]).await;
    assert_eq!(waits.status, 3, "{}", waits.stderr);
    assert!(
        waits.stdout.contains("run waits waits; when the wait is over, the process that executes the journal"),
        "{}",
        waits.stdout
    );
    assert_eq!(advised(&waits.stdout).len(), 2, "{}", waits.stdout);
    let failed = desk.ran(&["runs", "resume", "failed"]).await;
    assert!(failed.stdout.starts_with("run failed is reopened; "), "{}{}", failed.stdout, failed.stderr);
    let open = desk.ran(&["runs", "resume", "open"]).await;
    assert!(open.stdout.contains("has not ended, so nothing changed; "), "{}{}", open.stdout, open.stderr);
    for said in [&waits, &failed, &open] {
        assert!(said.stdout.contains("if it has workflow `letter`"), "{}", said.stdout);
    }
    drop(executing);

    let shown = desk.ran(&["runs", "show", "open"]).await.stdout;
    let [resume] = advised(&shown)[..] else { panic!("{shown}") };
    assert!(shown.contains("status    no_executor") && resume.contains("runs resume open"), "{shown}");
    assert_eq!(desk.typed(resume).await.status, 3);
}

#[tokio::test]
async fn a_program_without_the_workflow_advises_no_answer() {
    let desk = Desk::new("without");
    desk.begun("letter", "l1").await;
    let journal = desk.journal.to_str().unwrap();
    for command in [&["review", "list"][..], &["runs", "show", "l1"]] {
        let words = [command, &["--journal", journal]].concat();
        let ran = App::new().workflow(later).try_run(words).await;
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(
            ran.stdout.contains("cannot be answered by this program, which does not have its workflow"),
            "{}",
            ran.stdout
        );
        assert!(advised(&ran.stdout).is_empty(), "{}", ran.stdout);
    }
}
