//! Panics become errors of the step they happen in.

use flow::prelude::*;

use crate::support::{Draft, draft, only};

#[step]
async fn fragile(n: u32) -> Result<u32> {
    assert!(n != 3, "no threes");
    Ok(n)
}

#[workflow]
async fn careless(n: u32) -> Result<u32> {
    fragile(n).await
}

#[flow::tokio::test]
async fn a_panic_in_a_step_is_a_terminal_error_of_that_step() {
    for runtime in [Runtime::builder().build().unwrap(), Runtime::test().build().unwrap().0] {
        let error = runtime.run(careless(3)).await.unwrap_err();
        assert_eq!(error.kind(), &flow::ErrorKind::Panicked);
        assert!(!error.is_retryable());
        assert_eq!(error.in_run().to_string(), "step `fragile`: panicked: no threes");
        assert_eq!(runtime.run(careless(4)).await.unwrap(), 4, "the runtime goes on");
    }
}

#[workflow]
async fn careful(numbers: Vec<u32>) -> Result<Vec<u32>> {
    let all = map(numbers, async |n: u32| fragile(n).await).settle().await?;
    Ok(all.into_iter().map(|n| n.unwrap_or(0)).collect())
}

#[workflow]
async fn paired() -> Result<u32> {
    let (a, b) = join!(fragile(3), fragile(4));
    Ok(a.unwrap_or(100) + b?)
}

#[flow::tokio::test]
async fn siblings_and_glue_outlive_it() {
    for runtime in [Runtime::builder().build().unwrap(), Runtime::test().build().unwrap().0] {
        assert_eq!(runtime.run(careful(vec![2, 3, 4])).await.unwrap(), [2, 0, 4]);
        assert_eq!(runtime.run(paired()).await.unwrap(), 104);
    }
}

#[gate]
fn touchy(draft: &Draft) -> Verdict {
    assert!(draft.text != "bad", "touched");
    Verdict::accept()
}

#[step(gate = touchy)]
async fn judged(text: &str) -> Result<Draft> {
    Ok(draft(text))
}

#[workflow]
async fn judging(text: String) -> Result<String> {
    Ok(judged(&text).await.map_or_else(|error| error.in_run().to_string(), |draft| draft.text))
}

#[flow::tokio::test]
async fn a_panic_in_a_gate_is_an_error_of_the_step_it_judges() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(judging("bad".into())).await.unwrap(), "step `judged`: panicked: touched");
    assert_eq!(only(&happened.lines(), "did step "), ["judged: step `judged`: panicked: touched"]);
}

#[workflow]
async fn reckless(n: u32) -> Result<u32> {
    let n = fragile(n).await?;
    assert!(n != 4, "glue broke");
    Ok(n)
}

#[flow::tokio::test]
async fn a_panic_in_glue_ends_the_run_with_an_error() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let error = runtime.run(reckless(4)).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (&flow::ErrorKind::Panicked, "panicked: glue broke"));
    assert_eq!(happened.lines().last().unwrap(), "did run: panicked: glue broke");
    let handle = runtime.start(reckless(4)).await.unwrap();
    assert_eq!(handle.result().await.unwrap_err().kind(), &flow::ErrorKind::Panicked);
}

#[flow::tokio::test]
async fn a_panic_is_not_tried_again() {
    #[step(retry = 3)]
    async fn broken() -> Result<u32> {
        panic!("for good")
    }

    #[workflow]
    async fn breaking() -> Result<u32> {
        broken().await
    }

    let (runtime, happened) = Runtime::test().build().unwrap();
    runtime.run(breaking()).await.unwrap_err();
    assert_eq!(only(&happened.lines(), "will attempt "), ["broken #1"]);
}
