//! Runs in a journal from the command line: started, answered, resumed, listed, restarted.
#![cfg(feature = "cli")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::serde_json::{Value, from_str, json};

/// The effects of the steps' bodies.
#[derive(Clone, Debug, Default)]
struct World(Arc<State>);

#[derive(Debug, Default)]
struct State {
    drafts: AtomicU32,
    sent: AtomicU32,
    /// Whether sending fails.
    down: AtomicBool,
}

#[step]
async fn draft(topic: &str, #[state] world: &World) -> Result<String> {
    world.0.drafts.fetch_add(1, Ordering::Relaxed);
    Ok(format!("About {topic}."))
}

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "Read this:\n\n{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

#[step]
async fn send(text: &str, #[state] world: &World) -> Result<u64> {
    if world.0.down.load(Ordering::Relaxed) {
        flow::bail!("the post office is closed");
    }
    world.0.sent.fetch_add(1, Ordering::Relaxed);
    Ok(text.len() as u64)
}

/// Writes a letter, which a person reads before it is sent.
#[workflow]
async fn letter(topic: String, #[state] world: &World) -> Result<u64> {
    let text = draft(&topic, world).await?;
    let text = match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => text,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    };
    send(&text, world).await
}

#[contract]
#[derive(Debug, Clone)]
struct Form {
    stars: u8,
    remark: Option<String>,
}

#[step(human, timeout = "1d")]
async fn rate(topic: &str) -> Result<Form>;

#[step(signal, timeout = "1d")]
async fn paid(topic: &str) -> Result<u32>;

/// Waits for two at once.
#[workflow]
async fn both(topic: String) -> Result<u32> {
    let (form, paid) = try_join!(rate(&topic), paid(&topic))?;
    Ok(u32::from(form.stars) + paid)
}

#[gate]
fn civil(form: &Form, topic: &str) -> Verdict {
    Verdict::ensure(form.stars <= 5, format!("{topic} has {} stars, and there are five", form.stars))
        .and(Verdict::ensure(form.stars != 1, "nobody is that bad"))
}

const MODEL: Model = Model::new("openai/some-model");

#[step(model = MODEL, prompt = "Is {{ form.stars }} fair?")]
async fn fair(form: &Form) -> Result<Verdict>;

#[step(human, timeout = "1d", gate = civil(topic), gate = fair)]
async fn rate_fairly(topic: &str) -> Result<Form>;

/// A person rates something, within reason.
#[workflow]
async fn rating(topic: String) -> Result<u8> {
    Ok(rate_fairly(&topic).await?.stars)
}

#[step]
async fn break_down(topic: &str) -> Result<u32> {
    flow::bail!("{topic} is broken")
}

/// One of two fails while the other waits.
#[workflow]
async fn half(topic: String) -> Result<u32> {
    let (form, n) = try_join!(rate(&topic), break_down(&topic))?;
    Ok(u32::from(form.stars) + n)
}

#[step(effect = idempotent, compensate = unbook)]
async fn book(topic: &str) -> Result<String> {
    Ok(topic.to_owned())
}

#[step(effect = idempotent)]
async fn unbook(topic: &str) -> Result<()> {
    if topic == "pumps" { flow::bail!("{topic} are not taken back") } else { Ok(()) }
}

/// Books two, and waits for a person.
#[workflow]
async fn errand(topic: String) -> Result<String> {
    book(&topic).await?;
    book("valves").await?;
    match approve(&topic).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

/// Handles the failure of the errand.
#[workflow]
async fn forgiving(topic: String) -> Result<String> {
    Ok(errand(topic).await.unwrap_or_else(|error| error.message().to_owned()))
}

/// A journal shared by consecutive starts of the program.
struct Desk {
    journal: String,
    world: World,
}

impl Desk {
    /// `name` must be unique to the test.
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("runs-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { journal: folder.join("flow.db").to_str().unwrap().to_owned(), world: World::default() }
    }

    async fn ran(&self, arguments: &[&str]) -> Ran {
        self.invoked(Invocation::from([arguments, &["--journal", &self.journal]].concat())).await
    }

    async fn invoked(&self, invocation: Invocation) -> Ran {
        App::new()
            .workflow(letter)
            .workflow(both)
            .workflow(half)
            .workflow(errand)
            .workflow(forgiving)
            .state(self.world.clone())
            .try_run(invocation)
            .await
    }

    /// Starts a letter that waits for a person.
    async fn waiting(&self, id: &str) -> Ran {
        let ran = self.ran(&["run", "letter", "--set", "topic=pumps", "--id", id, "--detach"]).await;
        assert_eq!(ran.status, 3, "{}", ran.stderr);
        ran
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.ran(&[arguments, &["--json"]].concat()).await;
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        from_str(&ran.stdout).unwrap()
    }

    fn counts(&self) -> (u32, u32) {
        (self.world.0.drafts.load(Ordering::Relaxed), self.world.0.sent.load(Ordering::Relaxed))
    }
}

/// The same, with a workflow that asks a model.
struct Rating<'a>(&'a Desk);

impl Rating<'_> {
    async fn ran(&self, arguments: &[&str]) -> Ran {
        let arguments = [arguments, &["--journal", &self.0.journal]].concat();
        App::new().workflow(rating).try_run(Invocation::from(arguments)).await
    }

    async fn waits(&self) -> Value {
        from_str(&self.ran(&["review", "list", "--json"]).await.stdout).unwrap()
    }
}

#[tokio::test]
async fn a_run_that_waits_says_for_what_and_how_it_is_answered() {
    let desk = Desk::new("waits");
    let ran = desk.waiting("l1").await;
    assert_eq!(ran.stdout, "");
    for part in [
        "waits   approve  for a person until ",
        "\n  | Read this:\n  |\n  | About pumps.\n",
        "review accept l1 approve --journal ",
    ] {
        assert!(ran.stderr.contains(part), "{part}\n{}", ran.stderr);
    }
    assert!(ran.stderr.contains("runs resume l1 --journal "), "{}", ran.stderr);

    let listed = desk.ran(&["review", "list"]).await;
    assert!(listed.stdout.starts_with("run l1 of letter\nwaits   approve  for a person"), "{}", listed.stdout);
    assert_eq!(desk.json(&["review", "list"]).await[0]["place"], "approve");

    let answered = desk.ran(&["review", "accept", "l1", "--by", "ann"]).await;
    assert_eq!(answered.status, 0, "{}", answered.stderr);
    assert!(answered.stdout.contains("no process executes the journal now; continue with  "), "{}", answered.stdout);
    assert_eq!(desk.counts(), (1, 0), "answering executes nothing");

    let resumed = desk.ran(&["runs", "resume", "l1"]).await;
    assert_eq!((resumed.status, resumed.stdout.as_str()), (0, "12\n"), "{}", resumed.stderr);
    let again = desk.ran(&["run", "letter", "--set", "topic=pumps", "--id", "l1"]).await;
    assert_eq!((again.status, again.stdout.as_str()), (0, "12\n"), "the same id is the same run: {}", again.stderr);
    assert_eq!(desk.counts(), (1, 1));
}

#[tokio::test]
async fn an_answer_that_a_gate_rejects_is_refused_and_the_step_still_waits() {
    let desk = Desk::new("gates");
    let desk = Rating(&desk);
    let arguments = ["run", "rating", "--set", "topic=pumps", "--id", "r1", "--detach", "--offline"];
    assert_eq!(desk.ran(&arguments).await.status, 3);
    let refused = desk.ran(&["review", "answer", "r1", "--value", "{\"stars\": 9}"]).await;
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""));
    assert_eq!(
        refused.stderr,
        "error: the answer was rejected by the gates of step `rate_fairly`\n  - pumps has 9 stars, and there are five\n"
    );
    let refused = desk.ran(&["review", "answer", "r1", "--value", "{\"stars\": 1}"]).await;
    assert!(refused.stderr.contains("nobody is that bad"), "{}", refused.stderr);
    assert_eq!(desk.waits().await[0]["place"], "rate_fairly");

    let taken = desk.ran(&["review", "answer", "r1", "--value", "{\"stars\": 3}"]).await;
    assert_eq!(taken.status, 0, "{}", taken.stderr);
    let later = "\n  `fair` will judge it when the run continues: if it is rejected, the step waits again";
    assert!(taken.stdout.contains(later), "{}", taken.stdout);
    let resumed = desk.ran(&["runs", "resume", "r1", "--offline"]).await;
    // A made-up review rejects, with made-up reasons.
    assert_eq!(resumed.status, 3, "{}{}", resumed.stdout, resumed.stderr);
    assert!(resumed.stderr.contains("\n  the last answer was rejected:\n  - "), "{}", resumed.stderr);
    assert_eq!(desk.waits().await[0]["rejected"]["times"], 1);
    let listed = desk.ran(&["review", "list"]).await.stdout;
    assert!(listed.contains("\n  the last answer was rejected:\n  - "), "{listed}");
}

#[tokio::test]
async fn what_was_under_way_beside_a_failure_is_shown_as_cancelled() {
    let desk = Desk::new("half");
    let ran = desk.ran(&["run", "half", "--set", "topic=pumps", "--id", "h"]).await;
    assert_eq!(ran.status, 1);
    let outcomes: Vec<_> = ran.stderr.lines().filter_map(|line| line.split_once("  (")).map(|(told, _)| told).collect();
    assert_eq!(outcomes, ["failed  break_down", "cancelled  rate"], "{}", ran.stderr);
    let shown = desk.json(&["runs", "show", "h"]).await;
    let states = |shown: &Value| {
        let steps = shown["steps"].as_array().unwrap().clone();
        steps.iter().map(|step| format!("{} {}", step["place"], step["state"])).collect::<Vec<_>>()
    };
    assert_eq!(states(&shown), [r#""rate" "cancelled""#, r#""break_down" "failed""#]);
    assert!(shown["steps"][0].get("wait").is_none() && shown["steps"][0]["ended"].is_u64(), "{shown}");
    let text = desk.ran(&["runs", "show", "h"]).await.stdout;
    assert!(text.lines().any(|line| line.starts_with("rate") && line.contains("cancelled")), "{text}");
    assert_eq!(desk.json(&["review", "list"]).await, json!([]));

    desk.waiting("l1").await;
    assert!(desk.ran(&["runs", "cancel", "l1"]).await.status == 0);
    let shown = desk.json(&["runs", "show", "l1"]).await;
    assert_eq!(states(&shown), [r#""draft" "finished""#, r#""approve" "cancelled""#]);
}

#[tokio::test]
async fn an_answered_run_that_nobody_executes_has_no_executor() {
    let desk = Desk::new("nobody");
    desk.waiting("l1").await;
    assert_eq!(desk.json(&["runs", "show", "l1"]).await["status"], "waiting");
    assert_eq!(desk.ran(&["review", "accept", "l1"]).await.status, 0);
    assert_eq!(desk.json(&["runs", "show", "l1"]).await["status"], "no_executor");
    assert_eq!(desk.json(&["runs", "list"]).await[0]["status"], "no_executor");
    assert_eq!(desk.json(&["runs", "list", "--status", "no_executor"]).await[0]["run"], "l1");
    assert_eq!(desk.json(&["runs", "list", "--status", "running"]).await, json!([]));
    let text = desk.ran(&["runs", "show", "l1"]).await.stdout;
    assert!(text.contains("\nstatus    no_executor\n"), "{text}");
}

#[tokio::test]
async fn the_same_id_with_another_input_is_refused() {
    let desk = Desk::new("taken");
    desk.waiting("l1").await;
    let ran = desk.ran(&["run", "letter", "--set", "topic=valves", "--id", "l1"]).await;
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("at `/topic`: recorded \"pumps\", now \"valves\""), "{}", ran.stderr);
    let ran = desk.ran(&["run", "letter", "--set", "topic=valves", "--id", "a/b"]).await;
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("invalid id `a/b`"), "{}", ran.stderr);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused_and_nothing_is_lost() {
    let desk = Desk::new("unfit");
    desk.waiting("l1").await;
    let edited = desk.ran(&["review", "edit", "l1", "approve", "--value", "7"]).await;
    assert_eq!(edited.status, 2);
    assert!(edited.stderr.contains("at `/value`: expected string, found number 7"), "{}", edited.stderr);
    for (arguments, text) in [
        (["review", "accept", "l1", "send"], "no step is waiting at `send` in run `l1`"),
        (["review", "accept", "l2", "send"], "has no run `l2`; `"),
        (["review", "did-not-happen", "l1", "approve"], "step `approve` waits for a person's answer"),
    ] {
        let ran = desk.ran(&arguments).await;
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains(text), "{text}\n{}", ran.stderr);
    }
    assert_eq!(desk.ran(&["review", "edit", "l1", "--value", "\"Better.\""]).await.status, 0);
    assert_eq!(desk.ran(&["runs", "resume", "l1"]).await.stdout, "7\n");
}

#[tokio::test]
async fn a_rejection_reaches_the_workflow() {
    let desk = Desk::new("rejected");
    desk.waiting("l1").await;
    assert_eq!(desk.ran(&["review", "reject", "l1", "--reason", "too short"]).await.status, 0);
    let resumed = desk.ran(&["runs", "resume", "l1", "--json"]).await;
    assert_eq!((resumed.status, desk.counts()), (1, (1, 0)));
    assert_eq!(from_str::<Value>(&resumed.stdout).unwrap()["error"]["message"], "rejected: too short");
}

#[tokio::test]
async fn forms_and_signals_are_answered_by_place() {
    let desk = Desk::new("both");
    let ran = desk.ran(&["run", "both", "--set", "topic=x", "--id", "b", "--detach", "--json"]).await;
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    let told: Value = from_str(&ran.stdout).unwrap();
    assert_eq!((&told["status"], told["waits"].as_array().unwrap().len()), (&json!("waiting"), 2));
    assert!(ran.stderr.contains("review answer b rate --journal"), "{}", ran.stderr);
    let rate = ran.stderr.split("waits   ").find(|wait| wait.starts_with("rate  ")).unwrap();
    assert_eq!(rate.lines().nth(1), Some("  | \"x\""), "without a prompt the input is shown: {}", ran.stderr);
    assert!(ran.stderr.contains("--value JSON   where JSON is "), "{}", ran.stderr);
    assert!(ran.stderr.contains("for an outside system until "), "{}", ran.stderr);

    let unclear = desk.ran(&["review", "answer", "b", "--value", "1"]).await;
    assert_eq!(unclear.status, 2);
    assert!(unclear.stderr.contains("name one of `paid`, `rate`"), "{}", unclear.stderr);
    let wrong = desk.ran(&["review", "answer", "b", "rate", "--value", "{\"stars\": 999}"]).await;
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("at `/stars`"), "{}", wrong.stderr);
    let unknown = desk.ran(&["review", "answer", "b", "rate", "--value", "{\"stars\": 5, \"remrak\": \"\"}"]).await;
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("at `/remrak`: expected only the fields `stars`, `remark`"), "{}", unknown.stderr);
    let twice = desk.ran(&["review", "answer", "b", "rate", "--value", "{\"stars\": 5, \"stars\": 1}"]).await;
    assert_eq!(twice.status, 2);
    assert!(twice.stderr.contains("at `/stars`: expected one value, found the key a second time"), "{}", twice.stderr);
    let stdin = Invocation::from(["review", "answer", "b", "rate", "--value", "-", "--journal", &desk.journal]);
    assert_eq!(desk.invoked(stdin.stdin("{\"stars\": 5}")).await.status, 0);
    assert_eq!(desk.ran(&["runs", "resume", "b"]).await.status, 3, "the other is still to come");
    assert_eq!(desk.ran(&["review", "answer", "b", "--value", "100"]).await.status, 0);
    assert_eq!(desk.ran(&["runs", "resume", "b"]).await.stdout, "105\n");
}

#[tokio::test]
async fn a_run_that_failed_goes_on_with_the_step_that_failed() {
    let desk = Desk::new("failed");
    desk.waiting("l1").await;
    desk.ran(&["review", "accept", "l1"]).await;
    desk.world.0.down.store(true, Ordering::Relaxed);
    let failed = desk.ran(&["runs", "resume", "l1"]).await;
    assert_eq!(failed.status, 1);
    assert!(
        failed.stderr.contains("the post office is closed") && failed.stderr.contains("continue with  "),
        "{}",
        failed.stderr
    );
    let shown = desk.json(&["runs", "show", "l1"]).await;
    let states: Vec<_> =
        shown["steps"].as_array().unwrap().iter().map(|step| (&step["place"], &step["state"])).collect();
    let expected =
        [("draft", "finished"), ("approve", "finished"), ("send", "failed")].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(states, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    assert_eq!((&shown["status"], &shown["error"]["step"]), (&json!("failed"), &json!("send")));

    desk.world.0.down.store(false, Ordering::Relaxed);
    assert_eq!(desk.ran(&["runs", "resume", "l1"]).await.stdout, "12\n");
    assert_eq!(desk.counts(), (1, 1));
}

#[tokio::test]
async fn runs_are_listed_by_state_and_shown_with_their_steps() {
    let desk = Desk::new("listed");
    desk.waiting("l1").await;
    desk.waiting("l2").await;
    let cancelled = desk.ran(&["runs", "cancel", "l1"]).await;
    assert_eq!((cancelled.status, cancelled.stdout.as_str()), (0, "run l1 is cancelled\n"));
    let all = desk.json(&["runs", "list"]).await;
    let all: Vec<_> = all.as_array().unwrap().iter().map(|run| (run["run"].clone(), run["status"].clone())).collect();
    assert_eq!(all, [(json!("l2"), json!("waiting")), (json!("l1"), json!("cancelled"))]);
    assert_eq!(desk.json(&["runs", "list", "--status", "waiting"]).await.as_array().unwrap().len(), 1);
    assert_eq!(desk.json(&["runs", "list", "--workflow", "both"]).await, json!([]));
    let one = desk.ran(&["runs", "list", "--limit", "1"]).await;
    assert!(one.stdout.contains("l2") && !one.stdout.contains("l1"), "{}", one.stdout);
    assert!(one.stderr.contains("only 1 runs are shown, and there are more"), "{}", one.stderr);

    let shown = desk.ran(&["runs", "show", "l2"]).await;
    for part in
        ["status    waiting", "input     {\"topic\":\"pumps\"}", "draft    finished", "review accept l2 approve"]
    {
        assert!(shown.stdout.contains(part), "{part}\n{}", shown.stdout);
    }
    let refused = desk.ran(&["runs", "list", "--status", "asleep"]).await;
    assert_eq!(refused.status, 2);
    let resumed = desk.ran(&["runs", "resume", "l1"]).await;
    assert!(resumed.stderr.contains("run `l1` was cancelled; start a new one"), "{}", resumed.stderr);

    let kept = desk.ran(&["runs", "prune", "--older-than", "30d"]).await;
    assert!(kept.stdout.starts_with("0 runs deleted"), "{}", kept.stdout);
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert!(desk.ran(&["runs", "prune", "--older-than", "1ms"]).await.stdout.starts_with("1 runs deleted"));
    assert_eq!(desk.json(&["runs", "list"]).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn all_runs_that_have_not_ended_are_resumed() {
    let desk = Desk::new("all");
    desk.waiting("l1").await;
    desk.waiting("l2").await;
    desk.ran(&["review", "accept", "l1"]).await;
    let resumed = desk.ran(&["runs", "resume", "--quiet"]).await;
    let mut lines: Vec<_> = resumed.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!((resumed.status, lines), (3, vec!["finished  l1", "waits     l2"]));
}

#[tokio::test]
async fn a_new_run_takes_over_what_had_ended_before_a_step() {
    let desk = Desk::new("rerun");
    desk.waiting("l1").await;
    desk.ran(&["review", "accept", "l1"]).await;
    desk.ran(&["runs", "resume", "l1"]).await;
    let again = desk.ran(&["runs", "rerun", "l1", "--from", "send", "--id", "l2"]).await;
    assert_eq!((again.status, again.stdout.as_str(), desk.counts()), (0, "12\n", (1, 2)), "{}", again.stderr);
    let whole = desk.ran(&["runs", "rerun", "l1", "--set", "topic=valves", "--id", "l3", "--json"]).await;
    assert_eq!((whole.status, desk.counts()), (3, (2, 2)));
    assert_eq!(desk.json(&["runs", "show", "l3"]).await["input"], json!({ "topic": "valves" }));
    for (more, text) in [
        (
            &["--from", "post"][..],
            "no step has started at `post` in run `l1`; steps have started at `approve`, `draft`, `send`",
        ),
        (&["--from", "send", "--set", "topic=valves"], "the new input changes `topic`, which `draft` received"),
        (&["--input", "{\"topic\": 3}"], "at `/topic`: expected string, found number 3"),
        (&["--id", "l2"], "run `l2` already exists"),
    ] {
        let ran = desk.ran(&[&["runs", "rerun", "l1"], more].concat()).await;
        assert_eq!(ran.status, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(text), "{text}\n{}", ran.stderr);
    }
    assert_eq!(desk.counts(), (2, 2));
}

#[tokio::test]
async fn each_line_is_kept_under_an_id_of_its_own() {
    let desk = Desk::new("each");
    let lines = "{\"topic\": \"a\"}\n{\"topic\": \"a\"}\n";
    let each = || {
        Invocation::from(["run", "letter", "--each", "--input", "-", "--quiet", "--journal", &desk.journal])
            .stdin(lines)
    };
    let ran = desk.invoked(each()).await;
    assert_eq!((ran.status, ran.stdout.as_str(), desk.counts()), (3, "", (2, 0)), "{}", ran.stderr);
    let open = desk.json(&["review", "list"]).await;
    let first = open[0]["run"].as_str().unwrap().to_owned();
    assert!(first.starts_with("letter-"), "{first}");
    desk.ran(&["review", "accept", &first]).await;
    let ran = desk.invoked(each()).await;
    assert_eq!((ran.status, desk.counts()), (3, (2, 1)), "{}", ran.stderr);
    let result: Value = from_str(&ran.stdout).unwrap();
    assert_eq!((&result["run"], &result["output"]), (&json!(first), &json!(8)));
}

#[tokio::test]
async fn the_journal_is_named_by_the_command_line_the_environment_or_the_program() {
    let desk = Desk::new("named");
    let none = desk.invoked(["runs", "list"].into()).await;
    assert_eq!(none.status, 2);
    assert!(
        none.stderr.contains("no journal is configured: pass `--journal FILE`, set FLOW_JOURNAL"),
        "{}",
        none.stderr
    );
    let missing = desk.ran(&["runs", "list"]).await;
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("no such file; the first run"), "{}", missing.stderr);
    let detached = desk.invoked(["run", "letter", "--set", "topic=x", "--detach"].into()).await;
    assert_eq!(detached.status, 2);

    desk.waiting("l1").await;
    let environment = Invocation::from(["review", "list"]).variable("FLOW_JOURNAL", &desk.journal);
    let listed = desk.invoked(environment).await;
    assert!(listed.stdout.contains("review accept l1 approve\n"), "the environment names it: {}", listed.stdout);
    let config = format!("{}.toml", desk.journal);
    std::fs::write(&config, format!("journal = {:?}\n", desk.journal)).unwrap();
    assert!(desk.invoked(["runs", "list", "--config", &config].into()).await.stdout.contains("l1"));
    let program = App::new().workflow(letter).workflow(both).journal(&desk.journal);
    assert!(program.try_run(["runs", "list"]).await.stdout.contains("l1"));
}

#[tokio::test]
async fn a_run_that_cannot_be_read_is_shown_cancelled_and_pruned() {
    let desk = Desk::new("unread");
    desk.waiting("l1").await;
    desk.waiting("l2").await;
    let file = rusqlite::Connection::open(&desk.journal).unwrap();
    file.execute_batch("UPDATE entry SET sum = sum + 1 WHERE run = (SELECT id FROM run WHERE name = 'l1')").unwrap();
    drop(file);
    let listed = desk.ran(&["runs", "list"]).await;
    assert_eq!(listed.status, 0, "{}", listed.stderr);
    assert!(listed.stdout.contains("a record of run `l1` is damaged"), "{}", listed.stdout);
    assert_eq!(desk.ran(&["review", "list"]).await.stdout.matches("run l").count(), 1, "l1 waits for nothing known");
    let shown = desk.ran(&["runs", "show", "l1"]).await;
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("workflow  letter") && shown.stdout.contains("is damaged"), "{}", shown.stdout);
    assert_eq!(desk.json(&["runs", "show", "l1"]).await["status"], "waiting");
    assert_eq!(desk.ran(&["runs", "resume", "l1"]).await.status, 1);

    let cancelled = desk.ran(&["runs", "cancel", "l1"]).await;
    assert_eq!((cancelled.status, cancelled.stdout.as_str()), (0, "run l1 is cancelled\n"), "{}", cancelled.stderr);
    let again = desk.ran(&["runs", "cancel", "l1"]).await;
    assert_eq!(again.stdout, "run l1 has already ended; nothing changed\n");
    assert_eq!(desk.ran(&["runs", "cancel", "l3"]).await.status, 2);
    assert_eq!(desk.ran(&["review", "accept", "l2"]).await.status, 0);
    assert_eq!(desk.ran(&["runs", "resume", "l2"]).await.stdout, "12\n");
    let pruned = desk.ran(&["runs", "prune", "--older-than", "1ms"]).await;
    assert!(pruned.stdout.starts_with("2 runs deleted"), "{}{}", pruned.stdout, pruned.stderr);
}

/// The same workflow in a later build, with a different reviewer.
mod later {
    use super::*;

    #[step(human, timeout = "7d", prompt = "{{ topic }}")]
    async fn agree(topic: &str) -> Result<Review<String>>;

    #[workflow]
    pub(super) async fn letter(topic: String) -> Result<u64> {
        match agree(&topic).await? {
            Review::Accept(text) | Review::Edit(text) => Ok(text.len() as u64),
            Review::Reject { reason } => flow::bail!("rejected: {reason}"),
        }
    }
}

#[tokio::test]
async fn a_run_that_does_not_fit_the_build_is_offered_to_nobody() {
    let desk = Desk::new("later-build");
    desk.waiting("r").await;

    let later = async |arguments: &[&str]| {
        let arguments = [arguments, &["--journal", &desk.journal]].concat();
        App::new().workflow(later::letter).try_run(arguments).await
    };
    let why = "run `r` was started by another build of workflow `letter` and cannot continue in this one: ";
    for command in [&["runs", "list"][..], &["runs", "show", "r"], &["review", "list"]] {
        let ran = later(command).await;
        assert_eq!(ran.status, 0, "{command:?}: {}", ran.stderr);
        assert!(
            ran.stdout.contains(why) && ran.stdout.contains("waiting") != (command[0] == "review"),
            "{}",
            ran.stdout
        );
        assert!(!ran.stdout.contains("answer with"), "{command:?}: {}", ran.stdout);
        let ran = later(&[command, &["--json"]].concat()).await;
        let told: Value = from_str(&ran.stdout).unwrap();
        let told = told.get(0).unwrap_or(&told);
        assert!(told["error"].as_str().unwrap().starts_with(why), "{told}");
    }
    let records = desk.json(&["runs", "show", "r"]).await;
    for answer in [&["review", "accept", "r"][..], &["review", "reject", "r", "approve", "--reason", "no"]] {
        let ran = later(answer).await;
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.starts_with(&format!("error: {why}")), "{}", ran.stderr);
    }
    assert_eq!(desk.json(&["runs", "show", "r"]).await, records, "nothing was taken in");
    // The build that started the run lists the review and can finish it.
    let list = desk.ran(&["review", "list"]).await;
    assert!(list.stdout.contains("answer with"), "{}", list.stdout);
    assert_eq!(desk.ran(&["review", "accept", "r"]).await.status, 0);
    assert_eq!(desk.ran(&["runs", "resume", "r"]).await.status, 0);
    assert_eq!(desk.counts(), (1, 1));
}

/// The next version, which migrates the run.
mod second {
    use super::*;

    #[step(human, timeout = "7d", prompt = "Is this right?\n\n{{ text }}")]
    async fn review(text: &str) -> Result<Review<String>>;

    fn from_first(run: &mut flow::run::Migration<'_>) -> Result<()> {
        run.rename("approve", "review");
        Ok(())
    }

    #[step]
    async fn draft(topic: &str) -> Result<String> {
        Ok(format!("On {topic}."))
    }

    #[workflow(version = 2, migrate = from_first)]
    pub(super) async fn letter(topic: String) -> Result<u64> {
        let text = draft(&topic).await?;
        match review(&text).await? {
            Review::Accept(text) | Review::Edit(text) => Ok(text.len() as u64),
            Review::Reject { reason } => flow::bail!("rejected: {reason}"),
        }
    }
}

#[tokio::test]
async fn a_later_version_takes_a_run_over_before_it_is_answered() {
    let desk = Desk::new("later-version");
    desk.waiting("r").await;
    let second = async |arguments: &[&str]| {
        let arguments = [arguments, &["--journal", &desk.journal]].concat();
        App::new().workflow(second::letter).try_run(arguments).await
    };
    let first = "resume it in version 2, which takes it over, then answer it";
    let ran = second(&["review", "accept", "r"]).await;
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains(first), "{}", ran.stderr);
    let list = second(&["review", "list"]).await;
    assert!(list.stdout.contains(first) && !list.stdout.contains("answer with"), "{}", list.stdout);
    assert_eq!(second(&["runs", "resume", "r"]).await.status, 3);
    let list = second(&["review", "list"]).await.stdout;
    assert!(list.contains("waits   review") && list.contains("Is this right?"), "{list}");
    assert!(!list.contains("approve"), "{list}");
    assert_eq!(second(&["review", "accept", "r"]).await.status, 0);
    let ended = second(&["runs", "resume", "r", "--json"]).await;
    assert_eq!((ended.status, ended.stdout.as_str()), (0, "12\n"), "{}", ended.stderr);
    // The earlier version detects that the run has been migrated.
    let refused = desk.ran(&["runs", "rerun", "r", "--from", "review"]).await;
    assert_eq!(refused.status, 2, "{}", refused.stderr);
}

#[tokio::test]
async fn a_cancelled_run_undoes_its_steps_when_it_is_told_to() {
    let desk = Desk::new("undone");
    for (id, topic) in [("e1", "nuts"), ("e2", "pumps"), ("e3", "nuts")] {
        let topic = format!("topic={topic}");
        assert_eq!(desk.ran(&["run", "errand", "--set", &topic, "--id", id, "--detach"]).await.status, 3);
    }
    let plain = desk.ran(&["runs", "cancel", "e3"]).await;
    assert_eq!((plain.status, plain.stdout.as_str()), (0, "run e3 is cancelled\n"));
    let undone = desk.ran(&["runs", "cancel", "e1", "--undo"]).await;
    assert_eq!(undone.status, 0, "{}", undone.stderr);
    assert_eq!(undone.stdout, "run e1 is cancelled\n  undone      book.2\n  undone      book\n");
    let stuck = desk.ran(&["runs", "cancel", "e2", "--undo"]).await;
    assert_eq!(stuck.status, 1, "{}", stuck.stderr);
    let told = "run e2 is cancelled\n  undone      book.2\n  not undone  book: pumps are not taken back\n";
    assert_eq!(stuck.stdout, told);
    assert!(stuck.stderr.contains("book could not be undone: step `unbook`"), "{}", stuck.stderr);

    let shown = desk.json(&["runs", "show", "e2"]).await;
    let states: Vec<_> = shown["steps"].as_array().unwrap().iter().map(|step| step["state"].clone()).collect();
    assert_eq!(states[..3], [json!("finished"), json!("undone"), json!("cancelled")]);
    assert!(shown["steps"][0]["not_undone"].as_str().unwrap().contains("pumps are not taken back"));
    let text = desk.ran(&["runs", "show", "e2"]).await.stdout;
    assert!(text.contains("not undone\n  | book: step `unbook` at `book/unbook`"), "{text}");

    let again = desk.ran(&["runs", "cancel", "e3", "--undo"]).await;
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("run `e3` was cancelled already, so nothing is undone"), "{}", again.stderr);
}

#[tokio::test]
async fn a_run_that_finishes_says_what_a_failed_part_could_not_undo() {
    let desk = Desk::new("forgiving");
    let waits = desk.ran(&["run", "forgiving", "--set", "topic=pumps", "--id", "f1", "--detach"]).await;
    assert_eq!(waits.status, 3);
    let rejected = desk.ran(&["review", "reject", "f1", "--reason", "too dear"]).await;
    assert_eq!(rejected.status, 0, "{}", rejected.stderr);
    let ran = desk.ran(&["runs", "resume", "f1"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "\"rejected: too dear\"\n"));
    assert!(ran.stderr.contains("errand/book could not be undone"), "{}", ran.stderr);
    let shown = desk.ran(&["runs", "show", "f1"]).await.stdout;
    assert!(shown.contains("status    finished") && shown.contains("not undone\n  | errand/book: "), "{shown}");
}
