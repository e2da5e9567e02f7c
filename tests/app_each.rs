//! `--each` starts one run per input line: results per line, what stops the rest, and continuing a partial output.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use apps::{Begun, Says, digest, file, length, ran};
use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::provider::Price;
use flow::serde_json::{Value, from_str, json};
use tokio::sync::Barrier;

const THREE: &str = "{\"note\": {\"text\": \"a b\"}}\n\n{\"note\": {\"text\": 3}}\n{\"note\": {\"text\": \"a\"}}\n";

/// Results by line; the last one is an error.
fn results(text: &str) -> Vec<Value> {
    let mut results: Vec<Value> = text.lines().map(|line| from_str(line).unwrap()).collect();
    results.sort_by_key(|result| result["line"].as_u64());
    results
}

fn each(arguments: &[&str]) -> Invocation {
    Invocation::from([&["run", "length", "--each"], arguments].concat())
}

/// A path at which no file exists.
fn fresh(name: &str) -> String {
    let path = file(name, "");
    std::fs::remove_file(&path).unwrap();
    path
}

#[tokio::test]
async fn each_line_has_a_run_and_a_line_that_fails_stops_no_other() {
    let (ran, begun) = ran(each(&["--input", "-"]).stdin(THREE)).await;
    assert_eq!((ran.status, begun), (1, 2));
    let results = results(&ran.stdout);
    let lines: Vec<_> = results.iter().map(|result| (result["line"].as_u64().unwrap(), result.get("output"))).collect();
    assert_eq!(lines, [(1, Some(&json!(2))), (3, None), (4, Some(&json!(1)))]);
    assert!(results[0]["run"].as_str().unwrap().starts_with("run_"), "{}", results[0]);
    assert_eq!(results[0]["spent"]["calls"], 0);
    let error = &results[1]["error"];
    assert_eq!((&error["kind"], &error["violations"][0]["pointer"]), (&json!("refused"), &json!("/note/text")));
    assert!(results[1].get("run").is_none(), "nothing was started");
    assert!(ran.stderr.contains("failed  line 3: invalid input for `length`"), "{}", ran.stderr);
    assert!(
        ran.stderr
            .ends_with("2 lines done, 1 failed; with `--output FILE` the same command retries the failed lines\n"),
        "{}",
        ran.stderr
    );
}

#[tokio::test]
async fn a_line_with_a_key_twice_is_refused_and_a_mark_before_a_line_is_not() {
    let lines = "\u{feff}{\"note\": {\"text\": \"a\"}}\n{\"note\": {\"text\": \"a\", \"text\": \"b\"}}\n\u{feff}{\"note\": {\"text\": \"b c\"}}\n";
    let (ran, begun) = ran(each(&["--input", "-"]).stdin(lines)).await;
    assert_eq!((ran.status, begun), (1, 2), "{}", ran.stderr);
    let results = results(&ran.stdout);
    assert_eq!((&results[0]["output"], &results[2]["output"]), (&json!(1), &json!(2)));
    assert_eq!(results[1]["error"]["violations"][0]["pointer"], "/note/text");
}

#[tokio::test]
async fn a_line_with_a_field_that_nothing_reads_is_refused() {
    let lines = "{\"note\": {\"text\": \"a\", \"tgas\": []}}\n{\"note\": {\"text\": \"b c\"}}\n";
    let (ran, begun) = ran(each(&["--input", "-"]).stdin(lines)).await;
    assert_eq!((ran.status, begun), (1, 1), "{}", ran.stderr);
    let results = results(&ran.stdout);
    assert_eq!(results[0]["error"]["violations"][0]["pointer"], "/note/tgas");
    assert_eq!(results[0]["error"]["violations"][0]["found"], "`tgas`; did you mean `tags`?");
    assert_eq!(results[1]["output"], 2);
}

#[tokio::test]
async fn a_failed_run_says_step_place_and_attempt() {
    let input = "{\"note\": {\"text\": \"a b c\"}}";
    let (ran, _) =
        ran(Invocation::from(["run", "digest", "--offline", "--each", "--input", "-", "--set", "most=2"]).stdin(input))
            .await;
    let result = &results(&ran.stdout)[0];
    let error = &result["error"];
    assert_eq!((&error["step"], &error["place"], &error["attempt"]), (&json!("count"), &json!("count"), &json!(1)));
    assert_eq!(error["run"], result["run"]);
}

#[tokio::test]
async fn what_all_lines_share_is_given_once_and_may_not_clash() {
    let lines = "{\"note\": {\"text\": \"a\"}}\n{\"note\": {\"text\": \"b\", \"tags\": []}}\n[]";
    let (ran, _) = ran(each(&["--input", "-", "--set", "note.tags=[\"x\"]"]).stdin(lines)).await;
    let results = results(&ran.stdout);
    assert_eq!(results[0]["output"], 1);
    let clash = &results[1]["error"]["violations"][0];
    assert_eq!((&clash["pointer"], &clash["found"]), (&json!("/note/tags"), &json!("[]")));
    assert_eq!(results[2]["error"]["kind"], "refused");
}

#[tokio::test]
async fn what_is_done_is_kept_and_what_failed_is_tried_again_unless_it_is_kept_too() {
    let (input, output) = (file("each-kept.jsonl", THREE), fresh("each-kept-results.jsonl"));
    let input = format!("@{input}");
    let start = async |more: &[&str]| ran(each(&[&["--input", &input, "--output", &output], more].concat())).await;
    let (first, begun) = start(&[]).await;
    assert_eq!((first.status, begun, first.stdout.as_str()), (1, 2, ""));
    let (kept, begun) = start(&["--keep-failed"]).await;
    assert_eq!((kept.status, begun), (0, 0), "{}", kept.stderr);
    assert_eq!(kept.stderr, "0 lines done, 0 failed, 3 kept from an earlier start\n");
    let (again, begun) = start(&["--json"]).await;
    assert_eq!((again.status, begun), (1, 0));
    let summary: Value = from_str(&again.stdout).unwrap();
    assert_eq!((&summary["done"], &summary["failed"], &summary["kept"]), (&json!(0), &json!(1), &json!(2)));
    assert_eq!(results(&std::fs::read_to_string(&output).unwrap()).len(), 3);
}

/// Standard error of a command that rejects an output file of different input.
async fn refused(arguments: &[&str]) -> String {
    let (ran, begun) = ran(each(arguments)).await;
    assert_eq!((ran.status, begun, ran.stdout.as_str()), (2, 0, ""), "{}", ran.stderr);
    ran.stderr
}

#[tokio::test]
async fn results_of_something_else_are_refused_and_left_alone() {
    let output = fresh("each-other-results.jsonl");
    let lines = |text: &str| format!("@{}", file("each-other.jsonl", text));
    let one = "{\"note\": {\"text\": \"a\"}}\n";
    let two = format!("{one}{one}");
    assert_eq!(ran(each(&["--input", &lines(&two), "--output", &output])).await.0.status, 0);
    let before = std::fs::read_to_string(&output).unwrap();
    let told = refused(&["--input", &lines(&format!("{one}{{}}")), "--output", &output]).await;
    assert!(told.contains("has a result for line 2 with a different input: the line, or a value of `--set`"), "{told}");
    let told = refused(&["--input", &lines(&two), "--output", &output, "--set", "note.tags=[]"]).await;
    assert!(told.contains("has a result for line 1 with a different input"), "{told}");
    let told = refused(&["--input", &lines(one), "--output", &output]).await;
    assert!(told.contains("has a result for line 2, but the input ends at line 1"), "{told}");
    let (other, _) = ran(["run", "digest", "--offline", "--each", "--input", &lines(&two), "--output", &output]).await;
    assert_eq!(other.status, 2);
    assert!(other.stderr.contains("its line 1 is a result of workflow `length`, not of `digest`"), "{}", other.stderr);
    assert_eq!(std::fs::read_to_string(&output).unwrap(), before);

    let foreign = file("each-foreign.json", "{\"mine\": 1}");
    let told = refused(&["--input", &lines(&two), "--output", &foreign]).await;
    assert!(told.contains("its line 1 is not a result of `run --each`"), "{told}");
    assert_eq!(std::fs::read_to_string(&foreign).unwrap(), "{\"mine\": 1}", "whatever it is, it is not ours to cut");
}

#[tokio::test]
async fn a_line_that_was_cut_off_is_dropped_and_its_run_done_again() {
    let (input, output) = (format!("@{}", file("each-torn.jsonl", THREE)), fresh("each-torn-results.jsonl"));
    let arguments = ["--input", &input, "--output", &output];
    ran(each(&arguments)).await;
    let whole = std::fs::read_to_string(&output).unwrap();
    let done: Vec<_> = whole.split_inclusive('\n').filter(|line| line.contains("\"output\"")).collect();
    for cut in 1..done[1].len() {
        std::fs::write(&output, [done[0], &done[1][..cut]].concat()).unwrap();
        let (again, begun) = ran(each(&arguments)).await;
        assert_eq!((again.status, begun), (1, 1), "cut at {cut}: {}", again.stderr);
        assert_eq!(results(&std::fs::read_to_string(&output).unwrap()).len(), 3, "cut at {cut}");
    }
}

#[tokio::test]
async fn wrong_usage_is_refused_before_anything_starts() {
    for (arguments, told) in [
        (&["--input", "{}"][..], "pass `--input @FILE` or `--input -`"),
        (&["--input", "@no-such-file"], "`--input @no-such-file` cannot be used: No such file"),
        (&["--input", "@apps"], "`--input @apps` cannot be used: it is a directory"),
        (&["--input", "-", "--concurrency", "0"], "--concurrency"),
        (&["--input", "-", "--keep-failed"], "--output"),
        (&[], "--input"),
    ] {
        let said = refused(arguments).await;
        assert!(said.contains(told), "{said}");
    }
    let (ran, _) = ran(["run", "length", "--set", "note.text=a", "--output", "x"]).await;
    assert_eq!(ran.status, 2, "without `--each` there are no results");
}

/// Counts the steps under way and their maximum.
#[derive(Clone)]
struct Gauge {
    underway: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    /// Steps block until this many have arrived.
    meeting: Arc<Barrier>,
}

#[step]
async fn meet(number: u32, #[state] gauge: &Gauge) -> Result<u32> {
    let underway = gauge.underway.fetch_add(1, Ordering::SeqCst) + 1;
    gauge.most.fetch_max(underway, Ordering::SeqCst);
    gauge.meeting.wait().await;
    gauge.underway.fetch_sub(1, Ordering::SeqCst);
    Ok(number)
}

#[workflow]
async fn meeting(number: u32, #[state] gauge: &Gauge) -> Result<u32> {
    meet(number, gauge).await
}

/// The maximum number of runs under way at once. The steps meet only if it reaches `expected`.
async fn most(invocation: Invocation, expected: usize) -> usize {
    let (underway, most) = Default::default();
    let gauge = Gauge { underway, most, meeting: Arc::new(Barrier::new(expected)) };
    let lines: String = (0..expected * 10).map(|number| format!("{{\"number\": {number}}}\n")).collect();
    let ran = App::new().workflow(meeting).state(gauge.clone()).try_run(invocation.stdin(lines)).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    gauge.most.load(Ordering::SeqCst)
}

#[tokio::test]
async fn as_many_runs_are_under_way_as_the_first_that_speaks_allows() {
    let config = file("each-concurrency.toml", "concurrency = 3");
    let start = |more: &[&str]| Invocation::from([&["run", "--each", "--input", "-"], more].concat());
    assert_eq!(most(start(&[]), 16).await, 16);
    assert_eq!(most(start(&["--config", &config]), 3).await, 3);
    assert_eq!(most(start(&["--config", &config]).variable("FLOW_CONCURRENCY", "5"), 5).await, 5);
    let all = ["--config", &config, "--concurrency", "4"];
    assert_eq!(most(start(&all).variable("FLOW_CONCURRENCY", "5"), 4).await, 4);
}

/// Runs a program whose model costs $0.000061 a call.
async fn priced(invocation: Invocation, lines: usize) -> Ran {
    let app = App::new().workflow(digest).workflow(length).state(Begun::default()).runtime(|builder| {
        let prices = [("openai/some-model", Price::per_million("3", "10"))];
        Ok(builder.provider(Says("Pump")).prices(prices))
    });
    app.try_run(invocation.stdin("{\"note\": {\"text\": \"a\"}}\n".repeat(lines))).await
}

#[tokio::test]
async fn the_bill_is_of_all_lines_and_each_result_has_its_own() {
    let ran = priced(Invocation::from(["run", "digest", "--each", "--input", "-"]), 20).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let results = results(&ran.stdout);
    assert_eq!(
        (&results[0]["spent"]["calls"], &results[0]["spent"]["known_cost_nano_usd"]),
        (&json!(1), &json!(51_000))
    );
    let total = ran.stderr.lines().find(|line| line.starts_with("total")).unwrap();
    assert_eq!(total.split_whitespace().collect::<Vec<_>>(), ["total", "20", "140", "-", "60", "$0.00102"]);
}
