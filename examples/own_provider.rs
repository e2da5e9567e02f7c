//! A custom provider: a rules engine on this machine answers a model step, over a socket and with its own protocol.
//!
//! ```text
//! cargo run --example own_provider
//! cargo run --example own_provider -- run --set message.text="My card was charged twice"
//! ```
//!
//! The workflow does not depend on the provider: the same step works with `openai/…`, or with `FLOW_MODEL_SORTER=ollama/qwen3`.

use std::process::ExitCode;
use std::time::Duration;

use flow::prelude::*;
use flow::provider::{BoxFuture, Capabilities, Failure, FailureKind, Provider, Reply, Request, SchemaSupport, Usage};
use flow::serde_json::json;
use flow::tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use flow::tokio::net::{TcpListener, TcpStream};
use flow::tokio::time::timeout;

/// A message to the help desk.
#[contract]
#[derive(Debug, Clone)]
pub struct Message {
    /// What it says.
    pub text: String,
}

/// Where a message goes, and the word that decided it.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Sorted {
    /// The queue.
    pub queue: Queue,
    /// The word, where one did.
    pub word: Option<String>,
}

/// The queues of the help desk.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// Money.
    Billing,
    /// Things that do not work.
    Technical,
    /// Anything else.
    Other,
}

const SORTER: Model = Model::new("rules/help-desk").name("sorter");

/// Finds the queue of a message.
#[step(model = SORTER, prompt = "{{ message.text }}", gate = quoted(message))]
pub async fn sort(message: &Message) -> Result<Sorted>;

#[gate]
fn quoted(sorted: &Sorted, message: &Message) -> Verdict {
    let text = message.text.to_lowercase();
    let quoted = sorted.word.as_ref().is_none_or(|word| text.contains(word));
    Verdict::ensure(quoted, "the word does not occur in the message")
}

/// Sorts a message.
#[workflow(strict)]
pub async fn receive(message: Message) -> Result<Sorted> {
    sort(&message).await
}

/// Maximum size of a reply, in bytes.
const LONGEST: u64 = 1_000;

/// Provider for the models `rules/…`, backed by the rules engine.
///
/// Protocol: the request is one line of text, the reply is `queue WORD`, `queue` or `busy SECONDS`.
struct Rules {
    address: String,
    patience: Duration,
}

impl Rules {
    fn at(address: impl Into<String>) -> Self {
        Self { address: address.into(), patience: Duration::from_secs(5) }
    }

    /// Sends one line and reads one line.
    async fn exchange(&self, question: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.write_all(format!("{question}\n").as_bytes()).await?;
        let mut line = String::new();
        // Limit the reply, so that a faulty server cannot exhaust memory.
        BufReader::new(stream.take(LONGEST)).read_line(&mut line).await?;
        Ok(line)
    }
}

impl Provider for Rules {
    fn name(&self) -> &str {
        "rules"
    }

    // `Full`: the schema is neither lowered nor written into the prompt, where it would only confuse the rules.
    fn capabilities(&self, _: &Model) -> Capabilities {
        Capabilities::new(SchemaSupport::Full)
    }

    // Makes one attempt; the engine retries retryable failures and validates the answer.
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let Some(message) = request.prompt.messages.last() else {
                return Err(Failure::new(FailureKind::InvalidRequest, "the prompt is empty"));
            };
            let question = message.text().replace('\n', " ");
            match timeout(self.patience, self.exchange(&question)).await {
                Ok(Ok(line)) => answer(&question, &line),
                Ok(Err(error)) => Err(Failure::new(FailureKind::Transport, format!("{}: {error}", self.address))),
                Err(_) => Err(Failure::new(FailureKind::TimedOut, format!("no answer within {:?}", self.patience))),
            }
        })
    }
}

/// Parses a reply line.
fn answer(question: &str, line: &str) -> Result<Reply, Failure> {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some("busy"), seconds) => {
            let retry_after = seconds.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
            Err(Failure::new(FailureKind::Overloaded { retry_after }, "the rules engine is busy"))
        }
        (Some(queue), word) => {
            let read = question.split_whitespace().count() as u64;
            Ok(Reply::new(json!({"queue": queue, "word": word}).to_string()).usage(Usage::new(read, 1)))
        }
        (None, _) => Err(Failure::new(FailureKind::Transport, "the rules engine hung up")),
    }
}

/// The rules: the first word that a message contains decides.
const TABLE: &[(&str, &str)] =
    &[("invoice", "billing"), ("charged", "billing"), ("crash", "technical"), ("error", "technical")];

fn decide(message: &str) -> String {
    let message = message.to_lowercase();
    let rule = TABLE.iter().find(|(word, _)| message.contains(word));
    rule.map_or_else(|| "other".to_owned(), |(word, queue)| format!("{queue} {word}"))
}

/// Starts a rules engine that answers each request with `reply`, and returns its address.
async fn serve(reply: impl Fn(&str) -> String + Send + 'static) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    flow::tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let mut question = String::new();
            if stream.read_line(&mut question).await.is_ok() {
                // Ignore clients that have disconnected.
                let _ = stream.write_all(format!("{}\n", reply(&question)).as_bytes()).await;
            }
        }
    });
    Ok(address)
}

#[flow::tokio::main(crate = "flow::tokio")]
async fn main() -> ExitCode {
    let address = match serve(decide).await {
        Ok(address) => address,
        Err(error) => {
            eprintln!("error: the rules engine cannot listen: {error}");
            return ExitCode::FAILURE;
        }
    };
    flow::App::new()
        .workflow(receive)
        .runtime(move |builder| Ok(builder.provider(Rules::at(address))))
        .default_arguments(["run", "--set", "message.text=The app shows an error when I log in."])
        .main()
        .await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn sorted(address: &str, text: &str) -> Result<Sorted> {
        let runtime = Runtime::builder().provider(Rules::at(address)).build()?;
        runtime.run(receive(Message { text: text.into() })).await
    }

    #[tokio::test]
    async fn messages_are_sorted_by_the_rules() {
        let address = serve(decide).await.unwrap();
        let charged = sorted(&address, "My card was\nCHARGED twice").await.unwrap();
        assert_eq!(charged, Sorted { queue: Queue::Billing, word: Some("charged".into()) });
        let thanks = sorted(&address, "Thank you!").await.unwrap();
        assert_eq!(thanks, Sorted { queue: Queue::Other, word: None });
    }

    #[tokio::test]
    async fn a_busy_engine_is_asked_again() {
        let asked = AtomicU32::new(0);
        let busy_once = move |question: &str| match asked.fetch_add(1, Ordering::Relaxed) {
            0 => "busy 0".to_owned(),
            _ => decide(question),
        };
        let address = serve(busy_once).await.unwrap();
        assert_eq!(sorted(&address, "It will crash").await.unwrap().queue, Queue::Technical);
    }

    #[tokio::test]
    async fn an_answer_outside_the_contract_is_named() {
        let address = serve(|_| "garden".to_owned()).await.unwrap();
        let error = sorted(&address, "Hello").await.unwrap_err().to_string();
        assert!(error.contains("at `/queue`") && error.contains("garden"), "{error}");
    }

    #[tokio::test]
    async fn an_endless_line_ends_by_size() {
        let address = serve(|_| "x".repeat(100_000)).await.unwrap();
        let line = Rules::at(&address).exchange("Hello").await.unwrap();
        assert_eq!(line.len() as u64, LONGEST);
    }

    #[tokio::test]
    async fn nobody_there_is_a_failure_worth_another_try() {
        let rules = Rules::at("127.0.0.1:1");
        let request = Request::new(SORTER, flow::prompt::Prompt::user("Hello"));
        let failure = rules.complete(&request).await.unwrap_err();
        assert!(failure.kind == FailureKind::Transport && failure.is_retryable(), "{failure}");
        assert!(failure.message.starts_with("127.0.0.1:1: "), "{failure}");
    }
}
