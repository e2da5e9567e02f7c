//! Limits of a provider: requests start in order of arrival, as capacity allows, in paused time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{
    BoxFuture, Failure, FailureKind, Limited, Limits, Model, Provider, Reply, Request, Usage,
};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// A provider that answers after a second, or slowly, and records which request started when.
struct Clerk {
    started: Instant,
    usage: Usage,
    begun: Begun,
}

/// The requests that started, with the time in seconds.
type Begun = Arc<Mutex<Vec<(String, u64)>>>;

impl Provider for Clerk {
    fn name(&self) -> &str {
        "clerk"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        let who = request.prompt.messages[0].text().trim_end().to_owned();
        self.begun.lock().unwrap().push((who.clone(), self.started.elapsed().as_secs()));
        Box::pin(async move {
            sleep(Duration::from_secs(if who == "slow" { 90 } else { 1 })).await;
            match &who[..] {
                "fails" => Err(Failure::new(FailureKind::Transport, "hung up")),
                _ => Ok(Reply::new("done").usage(self.usage)),
            }
        })
    }
}

/// A limited clerk, who reports the given usage for each request.
struct Counter {
    clerk: Arc<Limited<Clerk>>,
    begun: Begun,
}

impl Counter {
    fn new(limits: Limits, usage: Usage) -> Self {
        let begun = Begun::default();
        let clerk = Clerk { started: Instant::now(), usage, begun: begun.clone() };
        Self { clerk: Arc::new(clerk.limits(limits)), begun }
    }

    /// Sends a request from a separate task, which is queued before this returns.
    async fn ask(&self, who: &str, tokens: usize) -> JoinHandle<bool> {
        // Four bytes count as a token.
        let request = Request::new(Model::new("clerk/any"), Prompt::user(format!("{who:<width$}", width = 4 * tokens)));
        let clerk = self.clerk.clone();
        let task = tokio::spawn(async move { clerk.complete(&request).await.is_ok() });
        tokio::task::yield_now().await;
        task
    }

    /// Sends all requests, and returns which started when.
    async fn all(&self, requests: &[(&str, usize)]) -> Vec<(String, u64)> {
        let mut tasks = Vec::new();
        for (who, tokens) in requests {
            tasks.push(self.ask(who, *tokens).await);
        }
        for task in tasks {
            task.await.unwrap();
        }
        self.begun.lock().unwrap().clone()
    }
}

fn at(list: &[(&str, u64)]) -> Vec<(String, u64)> {
    list.iter().map(|(who, second)| ((*who).to_owned(), *second)).collect()
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_begin_in_any_minute() {
    let counter = Counter::new(Limits::new().requests_per_minute(2), Usage::default());
    let begun = counter.all(&[("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 1)]).await;
    assert_eq!(begun, at(&[("a", 0), ("b", 0), ("c", 60), ("d", 60), ("e", 120)]));
}

#[tokio::test(start_paused = true)]
async fn no_more_are_under_way_at_once() {
    let counter = Counter::new(Limits::new().concurrency(2), Usage::default());
    let begun = counter.all(&[("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 1)]).await;
    assert_eq!(begun, at(&[("a", 0), ("b", 0), ("c", 1), ("d", 1), ("e", 2)]));
}

#[tokio::test(start_paused = true)]
async fn tokens_count_as_guessed_while_nothing_better_is_known() {
    let counter = Counter::new(Limits::new().tokens_per_minute(250), Usage::default());
    let begun = counter.all(&[("a", 100), ("b", 100), ("c", 100)]).await;
    assert_eq!(begun, at(&[("a", 0), ("b", 0), ("c", 60)]));
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_an_answer_is_part_of_the_guess() {
    let counter = Counter::new(Limits::new().tokens_per_minute(250), Usage::default());
    let long = Request::new(Model::new("clerk/any").max_output_tokens(200), Prompt::user("long"));
    counter.clerk.complete(&long).await.unwrap();
    assert_eq!(counter.all(&[("b", 100)]).await, at(&[("long", 0), ("b", 60)]));
}

#[tokio::test(start_paused = true)]
async fn fewer_tokens_than_guessed_let_the_next_begin_at_once() {
    let counter = Counter::new(Limits::new().tokens_per_minute(250), Usage::new(10, 5));
    let begun = counter.all(&[("a", 100), ("b", 100), ("c", 100), ("d", 100)]).await;
    assert_eq!(begun, at(&[("a", 0), ("b", 0), ("c", 1), ("d", 1)]));
}

#[tokio::test(start_paused = true)]
async fn more_tokens_than_guessed_keep_the_next_waiting() {
    let counter = Counter::new(Limits::new().tokens_per_minute(600), Usage::new(400, 100));
    counter.all(&[("a", 10)]).await;
    assert_eq!(counter.all(&[("b", 200)]).await, at(&[("a", 0), ("b", 60)]));
}

#[tokio::test(start_paused = true)]
async fn a_large_request_is_not_overtaken_and_one_above_the_limit_goes_alone() {
    let counter = Counter::new(Limits::new().tokens_per_minute(250), Usage::default());
    let begun = counter.all(&[("small", 100), ("large", 200), ("tiny", 1), ("huge", 9000), ("last", 1)]).await;
    assert_eq!(begun, at(&[("small", 0), ("large", 60), ("tiny", 60), ("huge", 120), ("last", 180)]));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_while_it_waits_leaves_the_queue() {
    let counter = Counter::new(Limits::new().requests_per_minute(1), Usage::default());
    let [_first, head, middle, last] =
        [counter.ask("a", 1).await, counter.ask("b", 1).await, counter.ask("c", 1).await, counter.ask("d", 1).await];
    sleep(Duration::from_secs(30)).await;
    head.abort();
    middle.abort();
    last.await.unwrap();
    assert_eq!(*counter.begun.lock().unwrap(), at(&[("a", 0), ("d", 60)]));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_under_way_or_fails_makes_room() {
    let counter = Counter::new(Limits::new().concurrency(1).tokens_per_minute(150), Usage::default());
    let first = counter.ask("dropped", 100).await;
    let second = counter.ask("fails", 10).await;
    first.abort();
    assert!(!second.await.unwrap());
    assert_eq!(
        counter.all(&[("b", 41)]).await,
        at(&[("dropped", 0), ("fails", 0), ("b", 60)]),
        "its tokens still count"
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_that_ends_after_its_minute_changes_nothing() {
    let counter = Counter::new(Limits::new().tokens_per_minute(100), Usage::new(90, 0));
    let begun = counter.all(&[("slow", 100), ("b", 100), ("c", 20)]).await;
    assert_eq!(begun, at(&[("slow", 0), ("b", 60), ("c", 120)]));
}

#[tokio::test(start_paused = true)]
async fn without_limits_nothing_waits() {
    let counter = Counter::new(Limits::new(), Usage::default());
    assert_eq!(counter.all(&[("a", 1), ("b", 1)]).await, at(&[("a", 0), ("b", 0)]));
}
