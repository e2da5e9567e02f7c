//! What is recorded, and that nothing is recorded without an observer.

use flow::prelude::*;
use flow::run::Record;
use flow::serde_json::json;

use crate::support::{Book, Draft, FAST, Say, draft, fake};

#[gate]
fn short(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.text.len() < 5, "too long")
}

#[step(model = FAST, prompt = "Write {{ what }}.", gate = short)]
async fn write(what: &str) -> Result<Draft>;

#[step]
async fn count(draft: &Draft) -> Result<usize> {
    Ok(draft.text.len())
}

#[workflow]
async fn counting(what: String) -> Result<usize> {
    let draft = write(&what).await?;
    count(&draft).await
}

/// A record without the fields that differ between runs.
fn steady(record: &Record) -> flow::serde_json::Value {
    let mut json = flow::serde_json::to_value(record).unwrap();
    for name in ["at", "started", "ended", "schema"] {
        json.as_object_mut().unwrap().remove(name);
    }
    json
}

#[flow::tokio::test(start_paused = true)]
async fn every_fact_of_a_run_is_recorded_in_order() {
    let book = Book::default();
    let (fake, _) = fake("fake", [Say::Text(r#"{"text": "too long"}"#), Say::Text(r#"{"text": "ok"}"#)]);
    let runtime = Runtime::builder().provider(fake).observe(book.clone()).build().unwrap();
    runtime.run(counting("x".into()).id("r1")).await.unwrap();
    let records: Vec<_> = book.records().iter().map(steady).collect();
    insta::assert_snapshot!(flow::serde_json::to_string_pretty(&records).unwrap());
}

#[flow::tokio::test(start_paused = true)]
async fn records_survive_their_way_through_json() {
    let book = Book::default();
    let (fake, _) = fake("fake", [Say::Text("no json"), Say::Text("no json")]);
    let runtime = Runtime::builder().provider(fake).observe(book.clone()).build().unwrap();
    runtime.run(counting("x".into())).await.unwrap_err();
    assert!(matches!(book.records().last(), Some(Record::RunFailed { kind, .. }) if kind == "contract_violated"));
    for record in book.records() {
        let text = flow::serde_json::to_string(&record).unwrap();
        assert_eq!(flow::serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}

#[flow::tokio::test(start_paused = true)]
async fn records_of_runs_at_once_are_told_apart() {
    let book = Book::default();
    let runtime = Runtime::test().answer(write, draft("ok")).observe(book.clone()).build().unwrap().0;
    let (a, b) = (runtime.run(counting("a".into()).id("a")), runtime.run(counting("b".into()).id("b")));
    let (a, b) = flow::tokio::join!(a, b);
    assert_eq!((a.unwrap(), b.unwrap()), (2, 2));
    let of = |run: &str| book.records().iter().filter(|record| steady(record)["run"] == run).count();
    assert_eq!((of("a"), of("b"), book.records().len()), (9, 9, 18));
}

#[flow::tokio::test(start_paused = true)]
async fn the_schema_that_the_model_was_given_is_recorded() {
    let book = Book::default();
    let (fake, _) = fake("fake", [Say::Text(r#"{"text": "ok"}"#)]);
    let runtime = Runtime::builder().provider(fake).observe(book.clone()).build().unwrap();
    runtime.step(write("x")).await.unwrap();
    let attempt = &book.attempts()[0];
    assert_eq!(attempt.schema.as_ref().unwrap()["properties"]["text"]["type"], json!("string"));
    assert_eq!(attempt.prompt.as_ref().unwrap().messages[0].content, "Write x.");
}

#[flow::tokio::test(start_paused = true)]
async fn a_step_that_runs_alone_has_a_run_of_its_own() {
    let book = Book::default();
    let (runtime, happened) = Runtime::test().answer(write, draft("ok")).observe(book.clone()).build().unwrap();
    runtime.step(write("x")).await.unwrap();
    let lines = happened.lines();
    assert_eq!((lines.first().unwrap().as_str(), lines.last().unwrap().as_str()), ("will run write", "did run"));
    let records = book.records();
    assert!(matches!(records.first(), Some(Record::RunStarted { workflow, .. }) if workflow == "write"));
    assert!(matches!(records.last(), Some(Record::RunFinished { .. })));

    runtime.step(count(&draft("ok"))).await.unwrap();
    runtime.step(refuse(1)).await.unwrap_err();
    assert_eq!(happened.lines().last().unwrap(), "did run: step `refuse`: no");
    assert!(matches!(book.records().last(), Some(Record::RunFailed { error, .. }) if error == "step `refuse`: no"));
}

#[step]
async fn refuse(n: u32) -> Result<u32> {
    if n > 0 { flow::bail!("no") } else { Ok(n) }
}

#[test]
fn the_schema_of_records_is_published_as_it_is() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/record.schema.json");
    let schema = format!("{:#}\n", flow::run::record_schema());
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(path, &schema).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), schema, "update it with INSTA_UPDATE=always");
}

#[test]
fn the_schema_of_records_refuses_what_is_none() {
    let schema = flow::run::record_schema();
    let is_record = |json| jsonschema::is_valid(&schema, &json);
    assert!(is_record(json!({"record": "run_finished", "run": "r", "output": null, "at": 1})));
    for json in [
        json!({"record": "run_finished", "run": "r", "output": null}),
        json!({"record": "run_finished", "run": 1, "output": null, "at": 1}),
        json!({"record": "run_vanished", "run": "r", "at": 1}),
        json!({"record": "attempt", "run": "r", "place": "x", "attempt": "first", "usage": {}, "started": 1, "ended": 2}),
        json!("run_finished"),
    ] {
        assert!(!is_record(json.clone()), "{json}");
    }
}

/// Panics when serialised.
#[derive(Debug, Clone, flow::serde::Deserialize, flow::schemars::JsonSchema, flow::Contract)]
#[serde(crate = "flow::serde")]
#[schemars(crate = "flow::schemars")]
struct Shy {
    name: String,
}

impl flow::serde::Serialize for Shy {
    fn serialize<S: flow::serde::Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
        panic!("{} was serialised", self.name)
    }
}

#[step(retry = 2, timeout = "1s", gate = named)]
async fn hide(shy: &Shy) -> Result<Shy> {
    Ok(shy.clone())
}

#[gate]
fn named(shy: &Shy) -> Verdict {
    Verdict::ensure(!shy.name.is_empty(), "no name")
}

#[workflow]
async fn hiding(shy: Shy) -> Result<String> {
    let shy = hide(&shy).await?;
    Ok(hide(&shy).await?.name)
}

#[flow::tokio::test(start_paused = true)]
async fn nothing_is_serialised_when_nobody_asks() {
    let runtime = Runtime::builder().build().unwrap();
    assert_eq!(runtime.run(hiding(Shy { name: "Ann".into() })).await.unwrap(), "Ann");
}

#[flow::tokio::test(start_paused = true)]
async fn a_panic_while_a_value_is_recorded_ends_the_run_with_an_error() {
    let runtime = Runtime::builder().observe(Book::default()).build().unwrap();
    let error = runtime.run(hiding(Shy { name: "Ann".into() })).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::Panicked);
    let error = runtime.step(hide(&Shy { name: "Ann".into() })).await.unwrap_err();
    assert_eq!(error.at().unwrap().step.as_deref(), Some("hide"));
}

#[flow::tokio::test(start_paused = true)]
async fn what_is_recorded_is_what_the_run_has_used() {
    let book = Book::default();
    let runtime = Runtime::test().answer(write, draft("ok")).observe(book.clone()).build().unwrap().0;
    assert_eq!(runtime.run(counting("x".into())).await.unwrap(), 2);
    let outputs = book.records().into_iter().filter_map(|record| match record {
        Record::StepFinished { output, .. } => Some(output),
        _ => None,
    });
    assert_eq!(outputs.collect::<Vec<_>>(), [json!({"text": "ok"}), json!(2)]);
}
