//! Steps awaited outside a workflow.

use flow::prelude::*;

use crate::support::{Draft, FAST, SMART, Say, draft, fake, only};

#[step(model = FAST, prompt = "Write {{ what }}.")]
async fn write(what: &str) -> Result<Draft>;

#[step]
async fn length(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[step]
async fn twice(text: &str) -> Result<usize> {
    let (one, other) = try_join!(length(text), async { length(text).timeout("1s").await })?;
    Ok(one + other + length(text).await? - length(text).await?)
}

#[step]
async fn countdown(from: u32) -> Result<u32> {
    match from {
        0 => Ok(0),
        from => Ok(1 + Box::pin(countdown(from - 1)).await?),
    }
}

#[workflow]
async fn written(what: String) -> Result<Draft> {
    write(&what).await
}

#[flow::tokio::test]
async fn a_code_step_is_an_ordinary_function() {
    assert_eq!(length("four").await.unwrap(), 4);
}

#[flow::tokio::test]
async fn a_code_step_awaits_code_steps() {
    assert_eq!(twice("four").await.unwrap(), 8);
    assert_eq!(countdown(3).await.unwrap(), 3);
}

/// Code that takes a call is independent of the kind of step.
async fn alone<T>(runtime: &Runtime, call: impl flow::Step<T>) -> T {
    runtime.step(call).await.unwrap()
}

#[flow::tokio::test]
async fn every_kind_of_call_is_given_to_a_runtime() {
    let runtime = Runtime::builder().provider(fake("fake", [Say::Text(r#"{"text": "ok"}"#)]).0).build().unwrap();
    assert_eq!(alone(&runtime, length("four")).await, 4);
    assert_eq!(alone(&runtime, write("x")).await, draft("ok"));
    let (runtime, _) = Runtime::test().answer(write, draft("scripted")).build().unwrap();
    assert_eq!(runtime.run(written("x".into()).id("one").timeout("1m")).await.unwrap(), draft("scripted"));
}

#[flow::tokio::test(start_paused = true)]
async fn a_step_runs_alone_with_all_it_says_of_itself() {
    let (fake, _) = fake("fake", [Say::Text("no json"), Say::Text(r#"{"text": "ok"}"#)]);
    let (runtime, happened) = Runtime::test().provider(fake).build().unwrap();
    assert_eq!(runtime.step(write("x")).await.unwrap(), draft("ok"));
    assert_eq!(only(&happened.lines(), "will attempt "), ["write #1 with fake/fast", "write #2 with fake/fast"]);
}

#[flow::tokio::test(start_paused = true)]
async fn a_step_alone_takes_the_options_of_its_call() {
    let (smart, asked) = fake("other", [Say::Text(r#"{"text": "ok"}"#)]);
    let runtime = Runtime::builder().provider(fake("fake", []).0).provider(smart).build().unwrap();
    runtime.step(write("x").model(SMART).timeout("1s")).await.unwrap();
    assert_eq!(asked.count(), 1);
}
