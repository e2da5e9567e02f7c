//! Steps awaited where no workflow runs them.

use flow::prelude::*;

use crate::support::{Draft, FAST, SMART, Say, draft, fake, only};

#[step(model = FAST, prompt = "Write {{ what }}.")]
async fn write(what: &str) -> Result<Draft>;

#[step]
async fn wrap(what: &str) -> Result<Draft> {
    write(what).await
}

#[step]
async fn length(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow]
async fn wrapping(what: String) -> Result<Draft> {
    wrap(&what).await
}

#[flow::tokio::test]
async fn a_code_step_is_an_ordinary_function() {
    assert_eq!(length("four").await.unwrap(), 4);
}

#[flow::tokio::test]
async fn a_model_step_says_where_it_belongs() {
    assert_eq!(
        write("x").await.unwrap_err().to_string(),
        "model step `write` is awaited outside a workflow; await it in a `#[workflow]`, or run it alone with `runtime.step(write(…)).await`"
    );
}

#[flow::tokio::test]
async fn a_model_step_inside_another_steps_body_names_both() {
    for runtime in [Runtime::test().provider(fake("fake", []).0).build().unwrap().0, quiet()] {
        let error = runtime.run(wrapping("x".into())).await.unwrap_err();
        assert!(error.message().starts_with("model step `write` is awaited inside the body of step `wrap`"), "{error}");
    }
}

fn quiet() -> Runtime {
    Runtime::builder().provider(fake("fake", []).0).build().unwrap()
}

#[flow::tokio::test]
async fn a_workflow_is_run_by_a_runtime() {
    assert_eq!(
        wrapping("x".into()).await.unwrap_err().to_string(),
        "workflow `wrapping` is awaited where no runtime runs it; use `runtime.run(wrapping(…)).await`"
    );
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
