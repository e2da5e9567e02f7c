//! Replies of real endpoints, verbatim except for long texts: every recorded ending, form of usage and form of error, one per
//! line. The expectations come from the recordings and the endpoints' documentation, not from this code.

use std::fs;
use std::path::Path;

use flow_runtime::prompt::Part;
use flow_runtime::provider::Usage;
use serde::Deserialize;
use serde_json::Value;

use super::ask_with;

/// One reply, and its text or failure.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    /// The provider, and the kind of reply.
    recording: String,
    source: String,
    #[serde(default = "ok")]
    status: u16,
    text: Option<String>,
    kind: Option<String>,
    retryable: Option<bool>,
    /// The tools it calls.
    #[serde(default)]
    calls: Vec<String>,
    #[serde(default)]
    usage: Usage,
    body: Value,
}

fn ok() -> u16 {
    200
}

fn name(call: &Part) -> Option<String> {
    match call {
        Part::ToolCall { name, .. } => Some(name.clone()),
        _ => None,
    }
}

/// Describes what is wrong with the interpretation of a reply.
async fn wrong(dialect: &str, line: &str) -> Option<String> {
    let recorded: Recorded = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert!(recorded.source.starts_with("https://"), "{}", recorded.recording);
    let mut calls = Vec::new();
    let (found, usage) = match ask_with(dialect, &format!("{} X", recorded.status), &recorded.body).await {
        Ok(reply) => {
            calls.extend(reply.content.tool_calls().filter_map(name));
            ((Some(reply.text().into_owned()), None, None), reply.usage)
        }
        Err(failure) => ((None, Some(format!("{:?}", failure.kind)), Some(failure.is_retryable())), *failure.usage),
    };
    let meant = (recorded.text, recorded.kind, recorded.retryable);
    let is_right = found == meant && calls == recorded.calls && usage == recorded.usage;
    (!is_right).then(|| {
        format!(
            "{}:\n  meant {meant:?} {:?} {:?}\n  found {found:?} {calls:?} {usage:?}",
            recorded.recording, recorded.calls, recorded.usage
        )
    })
}

#[tokio::test]
async fn every_recorded_reply_is_read_as_it_was_meant() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider_replies/recorded");
    let mut all = Vec::new();
    for (dialect, at_least) in [("openai", 100), ("anthropic", 20), ("gemini", 20)] {
        let lines = fs::read_to_string(root.join(format!("{dialect}.jsonl"))).unwrap();
        assert!(lines.lines().count() >= at_least, "{dialect}");
        for line in lines.lines() {
            all.extend(wrong(dialect, line).await);
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
