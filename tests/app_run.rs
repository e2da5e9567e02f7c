//! What a run prints and records, which provider answers it, and how it ends.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use apps::{Begun, Says, digest, file, ran};
use flow::App;
use flow::app::{Invocation, Ran};
use flow::provider::{BoxFuture, Failure, Price, Provider, Reply, Request};
use flow::serde_json::{Value, from_str, json};

const NOTE: &str = "note.text=The pump failed on Monday.";

fn app() -> App {
    App::new().workflow(digest).state(Begun::default())
}

/// A provider whose name is the prefix of no model in these tests.
struct Stranger;

impl Provider for Stranger {
    fn name(&self) -> &str {
        "stranger"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        unreachable!("no model is asked of a stranger")
    }
}

/// Runs the program with a model that always returns `says`.
async fn told(says: &'static str, more: &[&str]) -> Ran {
    let app = app().runtime(move |builder| Ok(builder.provider(Says(says))));
    app.try_run([&["run", "--set", NOTE], more].concat()).await
}

#[tokio::test]
async fn the_result_is_printed_and_steps_are_told_apart_from_it() {
    let ran = told("Pump", &[]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "{\n  \"title\": \"Pump\",\n  \"words\": 5\n}\n"));
    let steps: Vec<_> = ran.stderr.lines().filter_map(|line| line.split_once("  (")).map(|(step, _)| step).collect();
    assert_eq!(steps, ["done    count", "done    title"]);
}

/// The lines of the bill.
fn bill(ran: &Ran) -> Vec<&str> {
    ran.stderr.lines().skip_while(|line| !line.starts_with("model ")).collect()
}

#[tokio::test]
async fn the_bill_comes_last_and_says_what_is_unknown() {
    let ran = told("Pump", &[]).await;
    let expected = [
        "model              calls      input     cached     output  cost",
        "openai/some-model      1          7          -          3  unknown",
        "total                  1          7          -          3  unknown",
    ];
    assert_eq!(bill(&ran), expected);
}

#[tokio::test]
async fn a_price_makes_the_bill_a_sum_also_of_a_run_that_fails() {
    let app = app().runtime(|builder| {
        let prices = [("openai/some-model", Price::per_million("1", "10"))];
        Ok(builder.provider(Says("damn pump")).prices(prices))
    });
    let ran = app.try_run(["run", "--set", NOTE]).await;
    assert_eq!(ran.status, 1);
    let lines = bill(&ran);
    assert_eq!(lines[2], "total                  2         14          -          6  $0.000074");
    assert!(lines[3].starts_with("error: step `title`"), "{lines:?}");
}

#[tokio::test]
async fn nothing_is_billed_where_no_model_was_asked() {
    for arguments in [vec!["run", "digest", "--offline", "--set", NOTE], vec!["run", "length", "--set", NOTE]] {
        let (ran, _) = ran(arguments).await;
        assert_eq!((ran.status, bill(&ran)), (0, Vec::new()));
    }
}

#[tokio::test]
async fn programs_read_one_line_and_nothing_else() {
    let ran = told("Pump", &["--json", "--quiet"]).await;
    assert_eq!(ran.stdout, "{\"title\":\"Pump\",\"words\":5}\n");
    assert_eq!(ran.stderr, "");
}

#[tokio::test]
async fn a_failed_run_names_step_and_reason() {
    let ran = told("Pump", &["--set", "most=2"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("failed  count"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error: step `count`: 5 words are more than 2\n  in workflow `digest`, run `run_"),
        "{}",
        ran.stderr
    );
}

#[tokio::test]
async fn a_rejected_answer_is_told_with_attempt_reasons_and_answer() {
    let ran = told("damn pump", &[]).await;
    assert_eq!(ran.status, 1);
    for part in [
        "failed  title  (2 attempts, ",
        "error: step `title`, attempt 2: the output was rejected by its gates",
        "\n  the title is not polite\n",
        "the answer was: \"damn pump\"",
    ] {
        assert!(ran.stderr.contains(part), "{part}\n{}", ran.stderr);
    }
}

#[tokio::test]
async fn a_failure_is_told_to_programs_as_json() {
    let ran = told("damn pump", &["--json", "--quiet"]).await;
    let expected = json!({ "error": {
        "kind": "rejected",
        "message": "the output was rejected by its gates",
        "workflow": "digest",
        "step": "title",
        "place": "title",
        "attempt": 2,
        "reasons": ["the title is not polite"],
    }});
    let mut told: Value = from_str(&ran.stdout).unwrap();
    let run = told["error"].as_object_mut().unwrap().remove("run").unwrap();
    assert!(run.as_str().unwrap().starts_with("run_"), "{run}");
    assert_eq!((ran.status, told), (1, expected));
    assert_eq!((ran.stdout.lines().count(), ran.stderr.as_str()), (1, ""));
}

#[tokio::test]
async fn the_trace_holds_every_fact_of_the_run() {
    let path = file("facts.jsonl", "left from before");
    assert_eq!(told("damn pump", &["--trace", &path]).await.status, 1);
    let trace = std::fs::read_to_string(path).unwrap();
    let facts: Vec<Value> = trace.lines().map(|line| from_str(line).unwrap()).collect();
    let kinds: Vec<_> = facts.iter().map(|fact| fact["record"].as_str().unwrap()).collect();
    let count = ["step_started", "attempt", "step_finished"];
    let title = ["step_started", "attempt", "judged", "attempt", "judged", "step_failed"];
    assert_eq!(kinds, [&["run_started"][..], &count, &title, &["run_failed"]].concat());
    assert_eq!(facts[0]["input"]["note"]["text"], "The pump failed on Monday.");
    let asked = &facts[5];
    assert_eq!(asked["prompt"]["messages"][0]["content"], "Find a title.\n\nThe pump failed on Monday.");
    assert_eq!((&asked["reply"], &asked["usage"]["input_tokens"]), (&json!("damn pump"), &json!(7)));
    let spent = &facts.last().unwrap()["spent"];
    assert_eq!(
        (&spent["calls"], &spent["unpriced"], &spent["usage"]["input_tokens"]),
        (&json!(2), &json!(2), &json!(14))
    );
    assert_eq!((&facts[6]["accepted"], &facts[6]["reasons"][0]), (&json!(false), &json!("the title is not polite")));
}

#[tokio::test]
async fn a_trace_that_cannot_be_written_stops_the_run_before_it_starts() {
    let (ran, begun) = ran(["run", "digest", "--set", NOTE, "--trace", "/no/such/directory/t.jsonl"]).await;
    assert_eq!((ran.status, begun), (2, 0));
    assert!(ran.stderr.contains("`--trace /no/such/directory/t.jsonl` cannot be written: No such file"));
}

#[tokio::test]
async fn a_refused_input_leaves_the_trace_of_another_run_alone() {
    let path = file("kept.jsonl", "kept");
    let (ran, _) = ran(["run", "digest", "--trace", &path]).await;
    assert_eq!((ran.status, std::fs::read_to_string(path).unwrap().as_str()), (2, "kept"));
}

#[cfg(feature = "providers")]
const NO_KEY: &str = "error: no API key for `openai`: set OPENAI_API_KEY, or pass --offline to make answers up\n";

/// Runs a command without `--offline` and expects it to fail on the missing key before anything starts.
#[cfg(feature = "providers")]
async fn refused(arguments: &[&str], variables: &[(&str, &str)]) {
    let journal = file("no-key.db", "");
    std::fs::remove_file(&journal).unwrap();
    let arguments: Vec<_> = arguments.iter().map(|word| if *word == "JOURNAL" { &journal } else { *word }).collect();
    let line = "{\"note\": {\"text\": \"a\"}}\n";
    let invocation = Invocation::from(arguments.clone()).stdin(line);
    let invocation = variables.iter().fold(invocation, |invocation, (name, value)| invocation.variable(*name, *value));
    let (ran, begun) = ran(invocation).await;
    assert_eq!((ran.status, begun, ran.stdout.as_str(), ran.stderr.as_str()), (1, 0, "", NO_KEY), "{arguments:?}");
    if std::path::Path::new(&journal).exists() {
        let (ran, _) = apps::ran(["runs", "list", "--json", "--journal", &journal]).await;
        assert_eq!(ran.stdout, "[]\n", "{arguments:?}");
    }
}

#[cfg(feature = "providers")]
#[tokio::test]
async fn without_a_key_nothing_is_made_up_and_nothing_starts() {
    refused(&["run", "digest", "--set", NOTE], &[]).await;
    refused(&["run", "digest", "--set", NOTE, "--quiet"], &[]).await;
    refused(&["run", "digest", "--set", NOTE], &[("OPENAI_KEY", "sk-1"), ("ANTHROPIC_API_KEY", "sk-2")]).await;
    refused(&["run", "digest", "--set", NOTE], &[("OPENAI_API_KEY", " "), ("ANTHROPIC_BASE_URL", "http://h/")]).await;
    refused(&["run", "digest", "--each", "--input", "-"], &[]).await;
    refused(&["run", "digest", "--set", NOTE, "--journal", "JOURNAL", "--id", "a"], &[]).await;
    refused(&["run", "digest", "--each", "--input", "-", "--journal", "JOURNAL"], &[]).await;
}

#[cfg(feature = "providers")]
#[tokio::test]
async fn a_missing_key_is_told_to_programs_as_json() {
    let (ran, _) = ran(["run", "digest", "--set", NOTE, "--json"]).await;
    let told: Value = from_str(&ran.stdout).unwrap();
    assert_eq!((ran.status, &told["error"]["kind"]), (1, &json!("setup")));
    assert!(told["error"]["message"].as_str().unwrap().contains("OPENAI_API_KEY"), "{told}");
}

#[cfg(feature = "providers")]
#[tokio::test]
async fn the_variable_that_is_missing_is_that_of_the_model_that_is_asked() {
    for (model, text) in [
        ("anthropic/claude", "no API key for `anthropic`: set ANTHROPIC_API_KEY, or pass --offline"),
        ("gemini/flash", "no API key for `gemini`: set GEMINI_API_KEY, or pass --offline"),
        ("my-server/large", "no address for `my-server`: set FLOW_MY_SERVER_BASE_URL to"),
    ] {
        let invocation = Invocation::from(["run", "--set", NOTE]).variable("FLOW_MODEL_TITLES", model);
        let ran = app().try_run(invocation.variable("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")).await;
        assert!(ran.status == 1 && ran.stderr.starts_with(&format!("error: {text}")), "{}", ran.stderr);
    }
}

#[tokio::test]
async fn a_program_may_ask_for_answers_that_are_made_up_until_there_is_a_key() {
    let ran = app().offline_without_key().try_run(["run", "digest", "--set", NOTE]).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().filter(|line| line.starts_with("offline: ")).count(), 1);
    assert!(from_str::<Value>(&ran.stdout).unwrap()["title"].as_str().unwrap().contains("pump"), "{}", ran.stdout);
    let app = app().offline_without_key().runtime(|builder| Ok(builder.provider(Says("Pump"))));
    let ran = app.try_run(["run", "digest", "--set", NOTE]).await;
    assert!(!ran.stderr.contains("offline") && ran.stdout.contains("\"Pump\""), "{}{}", ran.stdout, ran.stderr);
}

#[tokio::test]
async fn a_provider_that_no_model_names_is_as_good_as_none() {
    let app = app().runtime(|builder| Ok(builder.provider(Stranger)));
    let ran = app.try_run(["run", "--set", NOTE, "--quiet"]).await;
    assert!(ran.status == 1 && ran.stderr.contains("pass --offline"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_workflow_without_models_is_not_called_offline() {
    let (ran, _) = ran(["run", "length", "--set", NOTE]).await;
    assert!(!ran.stderr.contains("offline"), "{}", ran.stderr);
}

#[tokio::test]
async fn offline_asks_nobody_even_where_there_is_somebody() {
    let ran = told("Pump", &["--offline", "--json"]).await;
    assert!(ran.stderr.starts_with("offline: no model is asked"), "{}", ran.stderr);
    assert_ne!(from_str::<Value>(&ran.stdout).unwrap()["title"], "Pump");
}

#[cfg(feature = "providers")]
#[tokio::test]
async fn the_environment_names_a_server() {
    // Port 9 is the discard service, if anything listens at all.
    let invocation = Invocation::from(["run", "--set", NOTE]).variable("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
    let ran = app().try_run(invocation).await;
    assert_eq!(ran.status, 1, "{}", ran.stdout);
    assert!(!ran.stderr.contains("offline"), "{}", ran.stderr);
    assert!(ran.stderr.contains("step `title`, attempt 3: model `openai/some-model`"), "{}", ran.stderr);
}

#[cfg(feature = "providers")]
#[tokio::test]
async fn the_environment_names_another_model_and_its_server() {
    let invocation = Invocation::from(["run", "--set", NOTE])
        .variable("FLOW_MODEL_TITLES", "anthropic/some-claude")
        .variable("ANTHROPIC_BASE_URL", "http://127.0.0.1:9");
    let ran = app().try_run(invocation).await;
    assert_eq!(ran.status, 1, "{}", ran.stdout);
    assert!(ran.stderr.contains("step `title`, attempt 3: model `anthropic/some-claude`"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_replacement_that_names_no_model_is_refused_before_anything_starts() {
    let ran = app().try_run(Invocation::from(["run", "--set", NOTE]).variable("FLOW_MODEL_TITLES", "claude")).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("FLOW_MODEL_TITLES is invalid: `claude` is not a model name"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_missing_state_is_told_before_the_first_step() {
    let ran = App::new().workflow(digest).try_run(["run", "--set", NOTE, "--quiet", "--offline"]).await;
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("`digest` cannot start") && ran.stderr.contains(".state("), "{}", ran.stderr);
}

#[tokio::test]
async fn a_setting_that_fails_is_told() {
    let ran = app().runtime(|_| flow::bail!("no address book")).try_run(["run", "--set", NOTE]).await;
    assert_eq!((ran.status, ran.stderr.as_str()), (1, "error: no address book\n"));
}
