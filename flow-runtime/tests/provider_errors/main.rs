//! Errors that providers document or are known to send: one file each, with source and expected interpretation.

#![cfg(feature = "providers")]

#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{Anthropic, Failure, Gemini, Model, OpenAi, Provider, Request};
use serde::Deserialize;
use serde_json::Value;

use server::{Script, Server, response};

/// An error response and its meaning.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    /// The page that documents status and shape, or where the body was seen. If a page gives no wording, its explanation is used.
    source: String,
    status: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Value,
    /// The kind in `Debug` form, including the wait.
    kind: String,
    retryable: bool,
    message: String,
}

fn provider(name: &str, url: &str) -> Box<dyn Provider> {
    match name {
        "anthropic" => Box::new(Anthropic::at(name, url)),
        "gemini" => Box::new(Gemini::at(name, url)),
        "ollama" => Box::new(OpenAi::ollama().base_url(url)),
        "vllm" => Box::new(OpenAi::vllm(url)),
        "llama-cpp" => Box::new(OpenAi::llama_cpp(url)),
        "openai" => Box::new(OpenAi::at(name, url)),
        other => panic!("no provider is called `{other}`"),
    }
}

async fn failure(name: &str, recorded: &Recorded) -> Failure {
    let headers: String = recorded.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let bytes = response(&recorded.status, &headers, &recorded.body.to_string());
    let server = Server::start([Script::Bytes(bytes)]).await;
    let request = Request::new(Model::new("any/model"), Prompt::user("Hi"));
    provider(name, &server.url).complete(&request).await.unwrap_err()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Checks all errors of one provider, and returns their number.
async fn check(name: &str) -> usize {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider_errors").join(name);
    let files = files(&directory);
    for file in &files {
        let recorded: Recorded = serde_json::from_str(&fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(recorded.source.starts_with("https://"), "{}", file.display());
        let failure = failure(name, &recorded).await;
        let found = (format!("{:?}", failure.kind), failure.is_retryable(), failure.message);
        assert_eq!(found, (recorded.kind, recorded.retryable, recorded.message), "{}", file.display());
        assert!(recorded.status.starts_with(&failure.status.unwrap().to_string()), "{}", file.display());
        assert_eq!(failure.body, Some(recorded.body.to_string()), "{}", file.display());
    }
    files.len()
}

#[tokio::test]
async fn errors_of_openai() {
    assert!(check("openai").await >= 11);
}

#[tokio::test]
async fn errors_of_anthropic() {
    assert!(check("anthropic").await >= 16);
}

#[tokio::test]
async fn errors_of_gemini() {
    assert!(check("gemini").await >= 13);
}

#[tokio::test]
async fn errors_of_compatible_servers() {
    assert!(check("ollama").await + check("llama-cpp").await + check("vllm").await >= 7);
}
