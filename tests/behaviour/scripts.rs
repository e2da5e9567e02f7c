//! Scripted outputs that replace a step's work in a test.

use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use flow::prelude::*;

use crate::support::{Draft, FAST, draft};

#[step(model = FAST, prompt = "Write {{ what }}.")]
async fn write(what: &str) -> Result<Draft>;

#[step(model = FAST, prompt = "Check {{ draft.text }}.")]
async fn check(draft: &Draft) -> Result<Draft>;

#[workflow]
async fn writing(what: String) -> Result<Draft> {
    let draft = write(&what).await?;
    check(&draft).await
}

/// Runs the step on a separate thread, and fails if no answer arrives in time.
fn ask(runtime: &Runtime, what: String) -> Result<Draft> {
    let (tell, told) = mpsc::channel();
    let runtime = runtime.clone();
    std::thread::spawn(move || {
        let executor = flow::tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        tell.send(executor.block_on(runtime.step(write(&what))))
    });
    told.recv_timeout(Duration::from_secs(10))?
}

#[flow::tokio::test]
async fn a_scripted_closure_may_run_another_scripted_step() {
    let shared = Arc::new(OnceLock::<Runtime>::new());
    let inner = shared.clone();
    let test = Runtime::test()
        .answer(write, draft("written"))
        .with(check, move |draft: Draft| ask(inner.get().unwrap(), format!("{} again", draft.text)));
    let (runtime, _) = test.build().unwrap();
    shared.set(runtime.clone()).unwrap();
    assert_eq!(runtime.run(writing("x".into())).await.unwrap(), draft("written"));
}

#[flow::tokio::test]
async fn a_scripted_closure_that_panics_leaves_the_script_usable() {
    let test = Runtime::test().answer(write, draft("written")).with(check, |draft: Draft| match draft.text.len() {
        7 => panic!("no check"),
        _ => Ok(draft),
    });
    let (runtime, _) = test.build().unwrap();
    let error = runtime.run(writing("x".into())).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (&flow::ErrorKind::Panicked, "panicked: no check"));
    assert_eq!(runtime.step(check(&draft("ok"))).await.unwrap(), draft("ok"));
}
