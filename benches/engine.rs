//! Overhead of the engine over plain async functions, without a journal.
//!
//! `cargo bench -p flowgate-benches --bench engine` prints nanoseconds per step. The two sides alternate round by round, so that
//! noise affects both; the ratio is the median of the rounds' ratios.

use std::future::Future;
use std::hint::black_box;
use std::time::Instant;

use flow::prelude::*;
use flow::prompt::{Content, Part};
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request};
use flow::tokio;
use serde_json::json;

/// The value passed from step to step.
#[contract]
#[derive(Clone, Debug)]
struct Token {
    n: u64,
    s: String,
}

fn token() -> Token {
    Token { n: 1, s: "token".to_owned() }
}

/// The work of a step, the same on both sides: a minimal new output with one short string.
fn work(token: &Token) -> Token {
    black_box(Token { n: token.n + 1, s: token.s.clone() })
}

#[step]
async fn next(token: Token) -> Result<Token> {
    Ok(work(&token))
}

async fn plain_next(token: Token) -> Result<Token> {
    Ok(work(&token))
}

#[workflow]
async fn chain(token: Token) -> Result<Token> {
    let token = next(token).await?;
    let token = next(token).await?;
    let token = next(token).await?;
    let token = next(token).await?;
    let token = next(token).await?;
    let token = next(token).await?;
    let token = next(token).await?;
    let token = next(token).await?;
    let token = next(token).await?;
    next(token).await
}

async fn plain_chain(token: Token) -> Result<Token> {
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    let token = plain_next(token).await?;
    plain_next(token).await
}

#[workflow]
async fn turns(token: Token) -> Result<Token> {
    let mut token = token;
    for _ in 0..1000 {
        token = next(token).await?;
    }
    Ok(token)
}

async fn plain_turns(mut token: Token) -> Result<Token> {
    for _ in 0..1000 {
        token = plain_next(token).await?;
    }
    Ok(token)
}

#[workflow]
async fn fan_out(tokens: Vec<Token>) -> Result<Vec<Token>> {
    map(tokens, async |token| next(token).await).concurrency(1000).await
}

async fn plain_fan_out(tokens: Vec<Token>) -> Result<Vec<Token>> {
    futures_util::future::join_all(tokens.into_iter().map(plain_next)).await.into_iter().collect()
}

/// Count one up.
#[step]
async fn count(token: Token) -> Result<Token> {
    Ok(work(&token))
}

const MODEL: Model = Model::new("scripted/model");

#[step(model = MODEL, prompt = "{{ text }}", tools = [count], max_turns = 2, max_tool_calls = 1000)]
async fn agent(text: &str) -> Result<String>;

#[workflow]
async fn conversation(text: String) -> Result<String> {
    agent(&text).await
}

/// The calls in the first turn of a conversation.
const CALLS: usize = 100;

/// A model that calls the tool in its first turn, and answers in the second.
struct Scripted;

impl Provider for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        let reply = match request.prompt.messages.len() {
            1 => Reply::new(calls().collect::<Content>()),
            _ => Reply::new("done"),
        };
        Box::pin(std::future::ready(Ok(reply)))
    }
}

fn calls() -> impl Iterator<Item = Part> {
    (0..CALLS).map(|call| Part::tool_call(call.to_string(), "count", json!({ "token": { "n": 1, "s": "token" } })))
}

/// The same by hand: each call is read, made and written.
async fn plain_conversation() -> Vec<Part> {
    let mut results = Vec::new();
    for call in calls() {
        let Part::ToolCall { id, arguments, .. } = call else { continue };
        let token: Token = serde_json::from_value(arguments["token"].clone()).unwrap_or_else(|_| token());
        if let Ok(output) = plain_next(token).await {
            results.push(Part::tool_result(id, serde_json::to_string(&output).unwrap_or_default()));
        }
    }
    results
}

/// Number of rounds; the median is reported.
const ROUNDS: usize = 31;

/// Runs both sides alternately and prints the medians per step.
async fn compare<F, P>(name: &str, steps: usize, repeat: usize, ours: impl Fn() -> F, plain: impl Fn() -> P)
where
    F: Future,
    P: Future,
{
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let ours = time(repeat, &ours).await / (steps * repeat) as f64;
        let plain = time(repeat, &plain).await / (steps * repeat) as f64;
        rounds.push((ours, plain, ours / plain));
    }
    let median = |pick: fn(&(f64, f64, f64)) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[ROUNDS / 2]
    };
    println!(
        "{name:<14} flow {:>8.1} ns/step   plain {:>8.1} ns/step   ratio {:>5.2}",
        median(|round| round.0),
        median(|round| round.1),
        median(|round| round.2)
    );
}

async fn time<F: Future>(repeat: usize, make: &impl Fn() -> F) -> f64 {
    let start = Instant::now();
    for _ in 0..repeat {
        black_box(make().await);
    }
    start.elapsed().as_nanos() as f64
}

fn main() -> Result<()> {
    let executor = tokio::runtime::Builder::new_current_thread().build()?;
    executor.block_on(async {
        let runtime = Runtime::builder().build()?;
        let tokens = || vec![token(); 1000];
        compare("chain of 10", 10, 2000, || runtime.run(chain(token())), || plain_chain(token())).await;
        compare("loop of 1,000", 1000, 20, || runtime.run(turns(token())), || plain_turns(token())).await;
        compare("map of 1,000", 1000, 20, || runtime.run(fan_out(tokens())), || plain_fan_out(tokens())).await;
        let agents = Runtime::builder().provider(Scripted).build()?;
        compare("100 tool calls", CALLS, 50, || agents.run(conversation("go".into())), plain_conversation).await;
        Ok(())
    })
}
