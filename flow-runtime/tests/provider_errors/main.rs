//! The errors that providers document or are known to send, one file each with its source, and what each is taken for.

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

/// An error as it is sent, and what it means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    /// Where status and shape are documented, or where the body was seen. A page that gives no wording is told in its own
    /// explanation's words.
    source: String,
    status: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Value,
    /// The kind as `Debug` writes it, the wait included.
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

/// Asserts every error of one provider, and says how many there are.
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
