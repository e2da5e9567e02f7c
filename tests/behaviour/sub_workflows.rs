//! Workflows inside workflows, and calls with ids.

use flow::prelude::*;

use crate::support::{only, rest};

#[step]
async fn one(n: u32) -> Result<u32> {
    rest(u64::from(n)).await;
    Ok(n + 1)
}

#[workflow(timeout = "1s")]
async fn inner(n: u32) -> Result<u32> {
    let n = one(n).await?;
    one(n).await
}

#[workflow]
async fn outer(n: u32) -> Result<u32> {
    let first = inner(n).await?;
    let second = inner(first).timeout("1m").await?;
    one(second).id("last").await
}

#[flow::tokio::test(start_paused = true)]
async fn steps_of_a_sub_workflow_stand_under_its_call() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(outer(1)).await.unwrap(), 6);
    assert_eq!(
        only(&happened.lines(), "will step "),
        ["inner/one", "inner/one.2", "inner.2/one", "inner.2/one.2", "last"]
    );
    assert_eq!(only(&happened.lines(), "will run "), ["outer"], "a sub-workflow is not a separate run");
}

#[flow::tokio::test(start_paused = true)]
async fn a_sub_workflow_tells_its_start_and_its_end() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    runtime.run(outer(1)).await.unwrap();
    let told = |lines: Vec<String>| -> Vec<_> {
        let of_workflows = |line: &String| line.starts_with("will workflow ") || line.starts_with("did workflow ");
        lines.into_iter().filter(of_workflows).collect()
    };
    assert_eq!(
        told(happened.lines()),
        ["will workflow inner", "did workflow inner", "will workflow inner.2", "did workflow inner.2"]
    );
    let (runtime, happened) = Runtime::test().build().unwrap();
    runtime.run(outer(2_000)).await.unwrap_err();
    assert_eq!(
        told(happened.lines()),
        ["will workflow inner", "did workflow inner: at `inner`: the workflow did not end within 1s"]
    );
}

#[workflow]
async fn either() -> Result<u32> {
    let (a, b) = try_join!(inner(900), failing())?;
    Ok(a + b)
}

#[step]
async fn failing() -> Result<u32> {
    rest(10).await;
    flow::bail!("no")
}

#[flow::tokio::test(start_paused = true)]
async fn a_cancelled_sub_workflow_ends_too() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    runtime.run(either()).await.unwrap_err();
    assert_eq!(only(&happened.lines(), "did workflow "), ["inner: the workflow was cancelled"]);
}

#[flow::tokio::test(start_paused = true)]
async fn a_sub_workflow_keeps_its_limit_unless_the_call_has_another() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let error = runtime.run(outer(2_000)).await.unwrap_err();
    assert_eq!(error.in_run().to_string(), "at `inner`: the workflow did not end within 1s");
    assert_eq!(only(&happened.lines(), "did step "), ["inner/one: the step was cancelled"]);
    runtime.run(outer(998)).await.unwrap_err();
    runtime.run(outer(400)).await.unwrap();
}

#[workflow]
async fn tolerant(n: u32) -> Result<u32> {
    match inner(n).await {
        Ok(n) => Ok(n),
        Err(error) if matches!(error.kind(), flow::ErrorKind::TimedOut { .. }) => one(0).await,
        Err(error) => Err(error),
    }
}

#[flow::tokio::test(start_paused = true)]
async fn a_workflow_may_go_on_after_a_failed_part() {
    assert_eq!(Runtime::test().run(tolerant(5_000)).await.unwrap(), 1);
}
