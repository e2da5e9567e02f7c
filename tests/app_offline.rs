//! Runs with made-up answers are marked as such everywhere, and never mix with real runs.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use apps::{Says, file};
use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::serde_json::{Value, from_str, json};

const MODEL: Model = Model::new("openai/some-model");

#[step(model = MODEL, prompt = "Write about {{ topic }}.")]
async fn draft(topic: &str) -> Result<String>;

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

/// A draft with a review.
#[workflow]
async fn letter(topic: String) -> Result<String> {
    match approve(&draft(&topic).await?).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

/// A draft without a review.
#[workflow]
async fn note(topic: String) -> Result<String> {
    draft(&topic).await
}

#[step]
async fn count(topic: &str) -> Result<usize> {
    Ok(topic.len())
}

/// Asks no model.
#[workflow]
async fn length(topic: String) -> Result<usize> {
    count(&topic).await
}

/// Runs the program with a model that always returns the same answer.
async fn ran(invocation: impl Into<Invocation>) -> Ran {
    let app = App::new().workflow(letter).workflow(note).workflow(length);
    app.runtime(|builder| Ok(builder.provider(Says("Real.")))).try_run(invocation).await
}

/// The program over a journal private to the test.
struct Desk(String);

impl Desk {
    fn new(name: &str) -> Self {
        let path = file(&format!("offline-{name}.db"), "");
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{path}{suffix}"));
        }
        Self(path)
    }

    async fn ran(&self, arguments: &[&str]) -> Ran {
        ran([arguments, &["--journal", &self.0]].concat()).await
    }

    async fn begin(&self, workflow: &str, id: &str, more: &[&str]) -> Ran {
        self.ran(&[&["run", workflow, "--set", "topic=pumps", "--id", id, "--detach"], more].concat()).await
    }

    async fn ended(&self, workflow: &str, id: &str, more: &[&str]) -> Ran {
        let ran = self.begin(workflow, id, more).await;
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        ran
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.ran(&[arguments, &["--json"]].concat()).await;
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        from_str(&ran.stdout).unwrap()
    }
}

#[tokio::test]
async fn a_run_whose_answers_are_made_up_says_so_wherever_it_is_told_of() {
    let desk = Desk::new("told");
    assert_eq!(desk.begin("letter", "made-up", &["--offline"]).await.status, 3);
    assert_eq!(desk.begin("letter", "real", &[]).await.status, 3);
    assert_eq!(desk.begin("length", "code", &["--offline"]).await.status, 0);

    let marks = |list: &Value, id: &str| {
        let entries: Vec<_> = list.as_array().unwrap().iter().filter(|entry| entry["run"] == id).cloned().collect();
        entries.iter().map(|entry| entry.get("offline").cloned()).collect::<Vec<_>>()
    };
    let list = desk.json(&["runs", "list"]).await;
    assert_eq!(marks(&list, "made-up"), [Some(json!(true))]);
    assert_eq!((marks(&list, "real"), marks(&list, "code")), (vec![None], vec![None]));
    let reviews = desk.json(&["review", "list"]).await;
    assert_eq!((marks(&reviews, "made-up"), marks(&reviews, "real")), (vec![Some(json!(true))], vec![None]));
    assert_eq!(desk.json(&["runs", "show", "made-up"]).await["offline"], true);

    const TOLD: &str = "answers made up offline";
    let list = desk.ran(&["runs", "list"]).await.stdout;
    let told: Vec<_> = list.lines().filter(|line| line.contains(TOLD)).collect();
    assert!(matches!(told[..], [line] if line.starts_with("made-up")), "{list}");
    assert!(desk.ran(&["runs", "show", "made-up"]).await.stdout.contains(TOLD));
    assert!(!desk.ran(&["runs", "show", "real"]).await.stdout.contains(TOLD));
    let reviews = desk.ran(&["review", "list"]).await.stdout;
    assert!(reviews.contains(&format!("run made-up of letter ({TOLD})\n")), "{reviews}");
    assert!(reviews.contains("run real of letter\n"), "{reviews}");
}

#[tokio::test]
async fn what_was_made_up_does_not_go_on_with_real_answers_nor_the_other_way_round() {
    let desk = Desk::new("mixed");
    desk.begin("letter", "made-up", &["--offline"]).await;
    desk.begin("letter", "real", &[]).await;
    for id in ["made-up", "real"] {
        assert_eq!(desk.ran(&["review", "accept", id]).await.status, 0);
    }
    let resumed = desk.ran(&["runs", "resume", "made-up"]).await;
    assert!(resumed.status == 1 && resumed.stderr.contains("was started offline"), "{}", resumed.stderr);
    let resumed = desk.ran(&["runs", "resume", "real", "--offline"]).await;
    assert!(resumed.status == 1 && resumed.stderr.contains("was started with real models"), "{}", resumed.stderr);
    for (id, more) in [("made-up", &["--offline"][..]), ("real", &[])] {
        let resumed = desk.ran(&[&["runs", "resume", id], more].concat()).await;
        assert_eq!((resumed.status, resumed.stdout.contains("Real.")), (0, id == "real"), "{}", resumed.stderr);
    }
}

#[tokio::test]
async fn an_id_of_a_run_that_was_made_up_gives_no_output_to_one_that_is_not() {
    let desk = Desk::new("ids");
    desk.ended("note", "a", &["--offline"]).await;
    desk.ended("note", "b", &[]).await;
    for (id, more) in [("a", &[][..]), ("b", &["--offline"])] {
        let again = desk.begin("note", id, more).await;
        assert_eq!((again.status, again.stdout.as_str()), (2, ""), "{}", again.stderr);
    }
    assert_eq!(desk.ended("note", "b", &[]).await.stdout, "\"Real.\"\n");
    desk.ended("length", "c", &["--offline"]).await;
    // Nothing in the run was made up, so it continues without `--offline`.
    desk.ended("length", "c", &[]).await;
}

#[tokio::test]
async fn a_new_run_of_one_that_was_made_up_is_real_where_it_takes_nothing_over() {
    let desk = Desk::new("rerun");
    desk.begin("letter", "a", &["--offline"]).await;
    let rerun = desk.ran(&["runs", "rerun", "a", "--from", "approve", "--id", "b"]).await;
    assert!(rerun.status != 0 && rerun.stderr.contains("was started offline"), "{}", rerun.stderr);
    assert_eq!(desk.ran(&["runs", "rerun", "a", "--id", "c"]).await.status, 3);
    let list = desk.json(&["runs", "list"]).await;
    let made_up = |run: &Value| (run["run"].as_str().unwrap().to_owned(), run.get("offline").is_some());
    let runs: Vec<_> = list.as_array().unwrap().iter().map(made_up).collect();
    assert_eq!(runs, [("c".to_owned(), false), ("a".to_owned(), true)]);
}

#[tokio::test]
async fn results_of_lines_say_it_and_a_file_holds_one_kind() {
    let output = file("offline-results.jsonl", "");
    let each = |more: &[&str], lines: usize| {
        let arguments = ["run", "note", "--each", "--input", "-", "--output", &output];
        let lines = "{\"topic\": \"pumps\"}\n".repeat(lines);
        Invocation::from([&arguments, more].concat()).stdin(lines)
    };
    for (first, second) in [(&["--offline"][..], &[][..]), (&[], &["--offline"])] {
        std::fs::write(&output, "").unwrap();
        assert_eq!(ran(each(first, 2)).await.status, 0);
        let written = std::fs::read_to_string(&output).unwrap();
        let marks: Vec<_> =
            written.lines().map(|line| from_str::<Value>(line).unwrap().get("offline").is_some()).collect();
        assert_eq!(marks, [!first.is_empty(); 2]);
        let mixed = ran(each(second, 3)).await;
        assert!(mixed.status == 2 && mixed.stderr.contains("the answers in its line 1 are"), "{}", mixed.stderr);
        assert_eq!(std::fs::read_to_string(&output).unwrap(), written);
        assert_eq!(ran(each(first, 3)).await.status, 0);
    }
}

#[tokio::test]
async fn the_first_record_of_a_trace_says_it() {
    for (workflow, more, expected) in
        [("note", &["--offline"][..], Some(json!(true))), ("note", &[], None), ("length", &["--offline"], None)]
    {
        let trace = file("offline-trace.jsonl", "");
        let arguments = ["run", workflow, "--set", "topic=pumps", "--trace", &trace];
        assert_eq!(ran([&arguments, more].concat()).await.status, 0);
        let written = std::fs::read_to_string(&trace).unwrap();
        let began: Value = from_str(written.lines().next().unwrap()).unwrap();
        assert_eq!((&began["record"], began.get("offline").cloned()), (&json!("run_started"), expected));
    }
}
