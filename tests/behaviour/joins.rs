//! Concurrent steps.

use flow::prelude::*;

use crate::support::{Busy, Crowd, only, rest};

#[step]
async fn wait(millis: u64, #[state] crowd: &Crowd) -> Result<u64> {
    let _present = crowd.enter();
    rest(millis).await;
    Ok(millis)
}

#[step]
async fn fail(millis: u64) -> Result<u64> {
    rest(millis).await;
    Err(Busy.into())
}

#[workflow]
async fn either(#[state] crowd: &Crowd) -> Result<u64> {
    let (a, b) = try_join!(wait(500, crowd), fail(100))?;
    Ok(a + b)
}

#[flow::tokio::test(start_paused = true)]
async fn the_first_failure_cancels_its_siblings() {
    let crowd = Crowd::default();
    let (runtime, happened) = Runtime::test().state(crowd.clone()).build().unwrap();
    let error = runtime.run(either()).await.unwrap_err();
    assert!(error.downcast_ref::<Busy>().is_some());
    assert_eq!((crowd.entered(), crowd.now()), (1, 0), "the sibling was dropped");
    assert_eq!(
        happened.lines(),
        [
            "will run either",
            "will step wait",
            "will attempt wait #1",
            "will step fail",
            "will attempt fail #1",
            "did attempt fail #1: busy",
            "did step fail: step `fail`: busy",
            "did step wait: the step was cancelled",
            "did run: step `fail`: busy",
        ]
    );
}

#[workflow]
async fn both(#[state] crowd: &Crowd) -> Result<(u64, String)> {
    let (a, b) = join!(wait(500, crowd), fail(100));
    Ok((a?, b.map_or_else(|error| error.message().to_owned(), |b| b.to_string())))
}

#[flow::tokio::test(start_paused = true)]
async fn join_keeps_what_each_branch_gave() {
    let runtime = Runtime::builder().state(Crowd::default()).build().unwrap();
    assert_eq!(runtime.run(both()).await.unwrap(), (500, "busy".to_owned()));
}

#[workflow]
async fn branches(#[state] crowd: &Crowd) -> Result<u64> {
    let (slow, (middle, fast)) = try_join!(
        async {
            let first = wait(300, crowd).await?;
            let second = wait(first, crowd).await?;
            Ok(first + second)
        },
        async { try_join!(wait(200, crowd), wait(50, crowd)) }
    )?;
    Ok(slow + middle + fast)
}

#[flow::tokio::test(start_paused = true)]
async fn branches_of_several_steps_go_on_by_themselves_and_may_be_nested() {
    let crowd = Crowd::default();
    let (runtime, happened) = Runtime::test().state(crowd.clone()).build().unwrap();
    assert_eq!(runtime.run(branches()).await.unwrap(), 850);
    assert_eq!(crowd.most(), 3);
    assert_eq!(
        happened.lines().iter().filter(|line| line.contains("step ")).collect::<Vec<_>>(),
        [
            "will step wait",
            "will step wait.3",
            "will step wait.4",
            "did step wait.4",
            "did step wait.3",
            "did step wait",
            "will step wait.2",
            "did step wait.2",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn a_run_takes_the_same_way_each_time() {
    let mut ways = Vec::new();
    for _ in 0..5 {
        let (runtime, happened) = Runtime::test().state(Crowd::default()).build().unwrap();
        runtime.run(branches()).await.unwrap();
        ways.push(only(&happened.lines(), "will "));
    }
    assert!(ways.windows(2).all(|pair| pair[0] == pair[1]));
}

#[flow::tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_are_spawned_on_any_thread() {
    let runtime = Runtime::builder().state(Crowd::default()).build().unwrap();
    let runs: Vec<_> = (0..8).map(|_| flow::tokio::spawn(runtime.run(both()))).collect();
    for run in runs {
        assert_eq!(run.await.unwrap().unwrap().0, 500);
    }
}
