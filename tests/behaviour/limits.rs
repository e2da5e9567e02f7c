//! A provider's limits are shared by all runs, and a step's timeout covers the time spent waiting for them.

use std::time::Duration;

use flow::prelude::*;
use flow::provider::{Limits, Provider};
use flow::tokio::time::Instant;

use crate::support::{Draft, FAST, Say, draft, fake};

const ANSWER: &str = r#"{"text": "ok"}"#;

#[step(model = FAST, prompt = "Write {{ what }}.", retry = 1, timeout = "15s")]
async fn write(what: &str) -> Result<Draft>;

#[workflow]
async fn writing(what: String) -> Result<Draft> {
    write(&what).await
}

/// A runtime whose provider takes ten seconds per answer and handles one call at a time.
fn runtime() -> Runtime {
    let says = (0..3).map(|_| Say::Late(Duration::from_secs(10), ANSWER));
    Runtime::builder().provider(fake("fake", says).0.limits(Limits::new().concurrency(1))).build().unwrap()
}

#[flow::tokio::test(start_paused = true)]
async fn runs_share_the_limits_and_a_timeout_covers_the_wait() {
    let (runtime, began) = (runtime(), Instant::now());
    let [one, two] = ["one", "two"].map(|what| runtime.run(writing(what.into())));
    let (one, two) = flow::join!(one, two);
    assert_eq!(one.unwrap(), draft("ok"));
    let error = two.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::TimedOut { .. }), "{error}");
    assert_eq!(began.elapsed().as_secs(), 15, "ten seconds of waiting, and five of the answer");
    assert_eq!(runtime.run(writing("three".into())).await.unwrap(), draft("ok"), "what timed out has made room");
}
