//! Commands that describe workflows, and wrong usage.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use apps::{Begun, digest, ran};
use std::borrow::Cow;

use flow::prelude::*;
use flow::serde_json::{Value, from_str};
use flow::{App, schemars, serde};

fn single() -> App {
    App::new().workflow(digest).state(Begun::default())
}

async fn shown(arguments: &[&str]) -> String {
    let (ran, begun) = ran(arguments.to_vec()).await;
    assert_eq!((ran.status, begun, ran.stderr.as_str()), (0, 0, ""));
    ran.stdout
}

async fn refused(arguments: &[&str]) -> String {
    let (ran, begun) = ran(arguments.to_vec()).await;
    assert_eq!((ran.status, begun, ran.stdout.as_str()), (2, 0, ""));
    ran.stderr
}

#[tokio::test]
async fn the_list_has_a_line_a_workflow() {
    let list = "digest(note, most)  Sums a note up.\nlength(note)        Counts and nothing else.\n";
    assert_eq!(shown(&["list"]).await, list);
    let json: Value = from_str(&shown(&["list", "--json"]).await).unwrap();
    assert_eq!((&json[0]["name"], &json[0]["arguments"][1]), (&"digest".into(), &"most".into()));
}

#[tokio::test]
async fn a_graph_is_drawn() {
    insta::assert_snapshot!(shown(&["graph", "digest"]).await);
}

#[tokio::test]
async fn a_graph_is_data() {
    let json: Value = from_str(&shown(&["graph", "digest", "--format", "json"]).await).unwrap();
    assert_eq!(json["graph"]["nodes"][1]["id"], "title");
    assert_eq!(json["graph"]["bounds"]["max_steps"], 2);
}

#[tokio::test]
async fn the_worst_case_is_shown_term_by_term() {
    insta::assert_snapshot!(shown(&["graph", "digest", "--bounds"]).await);
}

#[tokio::test]
async fn the_worst_case_is_data() {
    let json: Value = from_str(&shown(&["graph", "digest", "--bounds", "--json"]).await).unwrap();
    let calls = &json["max_model_calls"];
    let sum: u64 = calls["terms"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|term| term["depth"] == 0)
        .map(|term| term["value"].as_u64().unwrap())
        .sum();
    assert_eq!((Some(sum), &json["max_parallel"]["value"]), (calls["value"].as_u64(), &1.into()));
    assert!(refused(&["graph", "digest", "--json"]).await.contains("--bounds"));
}

#[tokio::test]
async fn a_schema_says_what_goes_in_and_out() {
    insta::assert_snapshot!(shown(&["schema", "digest"]).await);
}

#[tokio::test]
async fn the_schema_of_the_input_accepts_what_the_run_accepts() {
    let schema: Value = from_str(&shown(&["schema", "digest"]).await).unwrap();
    let accepts = |input: &str| jsonschema::is_valid(&schema["input"], &from_str(input).unwrap());
    for input in [
        r#"{"note": {"text": "a"}}"#,
        r#"{"note": {"text": "a", "tags": ["b"]}, "most": 3}"#,
        r#"{"note": {"text": "a"}, "most": null}"#,
    ] {
        assert!(accepts(input), "{input}");
        assert_eq!(ran(["run", "digest", "--offline", "--input", input]).await.0.status, 0, "{input}");
    }
    for input in ["{}", "[]", r#"{"note": {"text": 1}}"#, r#"{"note": {"text": "a"}, "more": 1}"#] {
        assert!(!accepts(input), "{input}");
        assert_eq!(ran(["run", "digest", "--offline", "--input", input]).await.0.status, 2, "{input}");
    }
}

#[tokio::test]
async fn the_lines_of_a_trace_have_a_schema_too() {
    let schema: Value = from_str(&shown(&["schema", "--records"]).await).unwrap();
    assert_eq!(schema, flow::run::record_schema());
}

#[tokio::test]
async fn a_step_has_a_schema_too() {
    let schema: Value = from_str(&shown(&["schema", "digest", "count"]).await).unwrap();
    assert_eq!((&schema["step"], &schema["output"]["type"]), (&"count".into(), &"integer".into()));
    let alone = single().try_run(["schema", "count"]).await;
    assert_eq!(from_str::<Value>(&alone.stdout).unwrap(), schema);
}

/// An answer that uses keywords some providers do not support.
#[contract]
#[derive(Debug, Clone)]
struct Scores {
    by_name: std::collections::BTreeMap<String, u8>,
}

const MODEL: Model = Model::new("local/model");

#[step(model = MODEL, prompt = "Score {{ text }}")]
async fn score(text: &str) -> Result<Scores>;

#[workflow]
async fn scored(text: String) -> Result<Scores> {
    score(&text).await
}

#[tokio::test]
async fn portability_shows_what_each_provider_is_sent() {
    let ran = App::new().workflow(scored).try_run(["schema", "--portability"]).await;
    let shown: Value = from_str(&ran.stdout).unwrap();
    let kind = |provider: &str| &shown["score"][provider]["schema"]["properties"]["by_name"]["type"];
    assert_eq!((kind("openai"), kind("gemini")), (&"array".into(), &"object".into()));
    let words = shown["score"]["anthropic"]["in_words"].as_array().unwrap();
    assert!(words.iter().any(|word| word["keyword"] == "maximum" && word["value"] == 255), "{words:?}");
    assert!(shown["score"]["openai"]["source"].as_str().unwrap().starts_with("https://"));
    assert!(shown["score"]["openai"]["refused"].is_null());
}

/// A contract whose hand-written schema disagrees with its type.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, flow::Contract)]
#[serde(crate = "flow::serde")]
struct Odd {
    size: u32,
}

impl schemars::JsonSchema for Odd {
    fn schema_name() -> Cow<'static, str> {
        "Odd".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

#[step]
async fn weigh(odd: &Odd) -> Result<u32> {
    Ok(odd.size)
}

#[workflow]
async fn sort(odd: Odd) -> Result<u32> {
    weigh(&odd).await
}

#[tokio::test]
async fn a_schema_that_is_not_what_was_compiled_is_not_shown() {
    let ran = App::new().workflow(sort).try_run(["schema"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    for part in ["these contracts do not match their published schemas", "`sort`, odd: Write", "`weigh`, odd: Read"] {
        assert!(ran.stderr.contains(part), "{part}\n{}", ran.stderr);
    }
}

#[tokio::test]
async fn unknown_names_are_refused_with_the_known_ones() {
    assert!(
        refused(&["graph", "digset"]).await.contains("unknown workflow `digset`; this program has `digest`, `length`")
    );
    assert!(refused(&["run"]).await.contains("name a workflow; this program has `digest`, `length`"));
    let said = refused(&["schema", "digest", "counts"]).await;
    assert!(said.contains("`digest` has no step `counts`; its steps are `count`, `title`"), "{said}");
}

#[tokio::test]
async fn two_workflows_of_one_name_are_refused() {
    let twins = App::new().workflow(digest).workflow(digest).try_run(["list"]).await;
    assert_eq!((twins.status, twins.stderr.as_str()), (2, "error: this program has two workflows named `digest`\n"));
}

#[tokio::test]
async fn wrong_usage_is_refused_and_help_is_not() {
    refused(&["rum"]).await;
    refused(&["run", "digest", "--set", "note"]).await;
    refused(&["run", "digest", "--set", "note..text=1"]).await;
    refused(&["graph", "digest", "--format", "svg"]).await;
    for command in ["run", "list", "graph", "schema"] {
        assert!(shown(&["--help"]).await.contains(command), "{command}");
    }
    assert!(shown(&["run", "--help"]).await.contains("--file <NAME=PATH>"));
}

#[tokio::test]
async fn a_program_without_arguments_shows_its_help_or_does_its_default() {
    let help = single().try_run(Vec::<String>::new()).await;
    assert!(help.status == 2 && help.stderr.contains("Usage:"), "{help:?}");
    let list = single().default_arguments(["list"]).try_run(Vec::<String>::new()).await;
    assert_eq!((list.status, list.stderr.as_str()), (0, "no arguments given, running: list\n"));
    assert!(list.stdout.starts_with("digest("));
}
