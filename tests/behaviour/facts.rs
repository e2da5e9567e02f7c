//! Every option of a step shows up in graph JSON, and in drawings and locks if it matters there.

use std::collections::BTreeSet;

use flow::graphs::Meta;
use flow::graphs::lock::{Lock, classify, describe};
use flow::prelude::*;
use flow::prompt::Prompt;
use flow::serde_json::{Value, json, to_string_pretty};

use crate::support::{Draft, FAST, SMART};

#[gate]
fn short(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.text.len() < 5, "too long")
}

#[step]
async fn mend(draft: Draft, _rejection: &Rejection) -> Result<Draft> {
    Ok(draft)
}

#[step]
async fn copy(what: String) -> Result<Draft> {
    Ok(Draft { text: what })
}

#[step(effect = idempotent)]
async fn remove(draft: Draft) -> Result<()> {
    drop(draft);
    Ok(())
}

#[step(
    gate = short,
    fix(mend, 2),
    retry(max_attempts = 4, initial_delay = "1s", factor = 3.0, max_delay = "1m", jitter = false),
    timeout = "5s",
    fallback = copy,
    concurrency = 3,
    cache("24h", version = 2),
    effect = idempotent,
    compensate = remove,
    id = "stored"
)]
async fn store(what: String) -> Result<Draft> {
    Ok(Draft { text: what })
}

#[step(effect = irreversible, unreviewed)]
async fn send(draft: &Draft) -> Result<usize> {
    Ok(draft.text.len())
}

#[step(model = [FAST, SMART], system = "Be brief.", prompt = "Write {{ what }}.", repair = 2, cache, retry = 5)]
async fn write(what: &str) -> Result<Draft>;

fn ask(what: &str) -> Prompt {
    Prompt::user(what)
}

#[step(model = FAST, prompt = ask)]
async fn ask_freely(what: &str) -> Result<String>;

/// Looks a word up.
#[step]
async fn look_up(word: &str) -> Result<String> {
    Ok(word.to_owned())
}

#[step(
    model = FAST,
    prompt = "{{ what }}",
    tools = [look_up],
    max_turns = 3,
    max_tool_calls = 5,
    on_tool_error = fail
)]
async fn consult(what: &str) -> Result<String>;

#[step(human, timeout = "1d")]
async fn confirm(draft: &Draft) -> Result<Verdict>;

#[step(effect = irreversible, approve = confirm)]
async fn post(draft: &Draft) -> Result<usize> {
    Ok(draft.text.len())
}

#[step(human, prompt = "Good enough?", timeout = "3d", on_timeout = reject)]
async fn approve() -> Result<Review<Draft>>;

#[step(signal, keep = "2d", timeout = "9d")]
async fn released(what: &str) -> Result<bool>;

#[step(mcp = "files/read", effect = none)]
async fn fetch(path: &str) -> Result<String>;

#[workflow]
async fn publish(what: String) -> Result<usize> {
    let stored = store(what).await?;
    let written = write(&stored.text).await?;
    let more = fetch(&ask_freely(&written.text).await?).await?;
    let released = released(&consult(&more).await?).await?;
    match approve().await? {
        Review::Accept(draft) | Review::Edit(draft) if released => Ok(send(&draft).await? + post(&draft).await?),
        _ => Ok(0),
    }
}

/// Each option of the manual with a step that sets it, and the pointer and value in graph JSON.
fn shown() -> Vec<(&'static str, &'static Meta, &'static str, Value)> {
    let hash = |pointer: &str| flow::meta(&write).to_json().pointer(pointer).cloned().unwrap();
    let delays = json!({ "initial_ms": 1_000, "factor": 3.0, "max_ms": 60_000, "jitter": false });
    vec![
        ("model", flow::meta(&write), "/policy/models", json!(["fake/fast", "other/smart"])),
        ("system", flow::meta(&write), "/policy/prompt/system", hash("/policy/prompt/system")),
        ("prompt", flow::meta(&write), "/policy/prompt/text", hash("/policy/prompt/text")),
        ("prompt", flow::meta(&ask_freely), "/policy/prompt", json!({ "system": null, "text": null })),
        ("repair", flow::meta(&write), "/policy/repair", json!(2)),
        ("gate", flow::meta(&store), "/policy/gates/0/name", json!("short")),
        ("fix", flow::meta(&store), "/policy/fix", json!({ "step": "mend", "id": "mend", "times": 2 })),
        ("retry", flow::meta(&store), "/policy/max_attempts", json!(4)),
        ("retry", flow::meta(&store), "/policy/delays", delays),
        ("timeout", flow::meta(&store), "/policy/timeout_ms", json!(5_000)),
        ("fallback", flow::meta(&store), "/policy/fallback/step", json!("copy")),
        ("concurrency", flow::meta(&store), "/policy/concurrency", json!(3)),
        ("cache", flow::meta(&store), "/policy/cache", json!({ "good_for_ms": 86_400_000, "version": 2 })),
        ("cache", flow::meta(&write), "/policy/cache", json!({ "good_for_ms": null, "version": 1 })),
        ("effect", flow::meta(&store), "/policy/effect", json!("idempotent")),
        ("unreviewed", flow::meta(&send), "/policy/unreviewed", json!(true)),
        ("compensate", flow::meta(&store), "/policy/compensate/step", json!("remove")),
        ("id", flow::meta(&store), "/id", json!("stored")),
        ("on_timeout", flow::meta(&approve), "/policy/on_timeout", json!("reject")),
        ("tools", flow::meta(&consult), "/policy/tools/tools/0/id", json!("look_up")),
        ("max_turns", flow::meta(&consult), "/policy/tools/max_turns", json!(3)),
        ("max_tool_calls", flow::meta(&consult), "/policy/tools/max_tool_calls", json!(5)),
        ("on_tool_error", flow::meta(&consult), "/policy/tools/on_tool_error", json!("fail")),
        ("approve", flow::meta(&post), "/policy/approve/step", json!("confirm")),
        ("mcp", flow::meta(&fetch), "/policy/mcp", json!("files/read")),
        ("keep", flow::meta(&released), "/policy/keep_ms", json!(172_800_000)),
    ]
}

/// The options in the manual's table and in the paragraph below it.
fn documented() -> BTreeSet<&'static str> {
    let manual = include_str!("../../src/manual/step.md");
    let rows = manual.lines().filter(|line| line.starts_with("| `"));
    let written = rows.filter_map(|row| row.split(" | ").next()).flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let others = manual.lines().find_map(|line| line.strip_prefix("For ")).expect("the options below the table");
    let others = others.split(", for ").filter_map(|part| part.split(" see ").next());
    let others = others.flat_map(|part| part.split('`').skip(1).step_by(2));
    let name = |text: &'static str| text.split([' ', '(']).next().filter(|name| !name.is_empty());
    // Skips bare values in the table, and the `_file` variants of texts.
    let is_option = |name: &&str| !name.starts_with('"') && !["accept", "reject", "fail"].contains(name);
    written.chain(others).filter_map(name).filter(is_option).map(|name| name.trim_end_matches("_file")).collect()
}

#[test]
fn every_option_of_the_manual_is_in_graph_json() {
    let shown = shown();
    assert_eq!(shown.iter().map(|(option, ..)| *option).collect::<BTreeSet<_>>(), documented());
    for (option, meta, pointer, expected) in shown {
        let json = meta.to_json();
        assert_eq!(json.pointer(pointer), Some(&expected), "{option}: {json:#}");
        let plain = flow::meta(&copy).to_json();
        assert_ne!(plain.pointer(pointer), Some(&expected), "{option} has its default");
        let node = flow::graph(&publish).to_json()["graph"]["nodes"][position(meta)].take();
        assert_eq!(node.pointer(pointer), Some(&expected), "{option}: {node:#}");
    }
}

/// The node of a step, which is called exactly once.
fn position(step: &'static Meta) -> usize {
    flow::graph(&publish).nodes.iter().position(|node| node.step.get().name == step.name).unwrap()
}

#[test]
fn a_policy_with_every_option_as_json() {
    let steps = flow::meta(&publish).calls();
    let policies: Value = steps.iter().map(|step| (step.id.to_owned(), step.to_json()["policy"].take())).collect();
    insta::assert_snapshot!(to_string_pretty(&policies).unwrap());
}

/// The lines of each step in a lock.
fn locked() -> Value {
    describe(flow::meta(&publish)).steps.into_iter().map(|(place, step)| (place, json!(step.behaviour))).collect()
}

#[test]
fn a_policy_with_every_option_in_a_lock() {
    insta::assert_snapshot!(to_string_pretty(&locked()).unwrap());
}

#[test]
fn a_policy_with_every_option_in_a_drawing() {
    insta::assert_snapshot!(flow::graph(&publish).to_mermaid());
}

/// The changes reported against a lock with some of its lines modified or removed.
fn since(change: impl Fn(&mut std::collections::BTreeMap<String, String>)) -> String {
    let mut lock = describe(flow::meta(&publish));
    change(&mut lock.steps.get_mut("stored").unwrap().behaviour);
    classify(&Lock::read(&lock.to_text()).unwrap(), flow::meta(&publish)).to_string()
}

#[test]
fn a_change_that_changes_no_result_is_compatible() {
    let set =
        |name: &'static str, value: &'static str| since(move |lines| drop(lines.insert(name.into(), value.into())));
    let delays = "1s times 3 up to 60s, without jitter";
    assert_eq!(set("concurrency", "9"), "behaviour:\n  compatible: `stored` concurrency was 9, is 3\n");
    assert_eq!(set("cache_version", "7"), "behaviour:\n  compatible: `stored` cache_version was 7, is 2\n");
    assert_eq!(set("delays", "x"), format!("behaviour:\n  compatible: `stored` delays was x, is {delays}\n"));
    assert_eq!(set("cache", "forever"), "behaviour:\n  `stored`: cache was forever, is 86400s\n");
    assert_eq!(set("on_timeout", "accept"), "behaviour:\n  `stored`: on_timeout was accept, is not set\n");
    assert_eq!(
        set("mend: concurrency", "9"),
        "behaviour:\n  compatible: `stored` mend: concurrency was 9, is not set\n"
    );
}

/// Locks of earlier releases lack these lines.
#[test]
fn a_lock_without_the_newer_lines_is_read() {
    let told =
        since(|lines| lines.retain(|name, _| !["cache", "cache_version", "concurrency", "delays"].contains(&&**name)));
    assert!(told.contains("  `stored`: cache is 86400s, was not set\n") && !told.contains("breaking"), "{told}");
}
