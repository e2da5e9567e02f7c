// A result type may be an alias with parameters.
use std::fmt;

use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Debug, Clone)]
pub struct Empty {
    pub at: u32,
}

impl fmt::Display for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("empty")
    }
}

impl std::error::Error for Empty {}

type R<T> = std::result::Result<T, Empty>;
type Ours<T> = flow::Result<T>;

#[step]
async fn measure(text: &str) -> R<u32> {
    if text.is_empty() { Err(Empty { at: 3 }) } else { Ok(text.len() as u32) }
}

#[step(gate = small, retry = 2)]
async fn measure_again(text: &str) -> Ours<u32> {
    Ok(measure(text).await?)
}

#[gate]
fn small(length: &u32) -> Verdict {
    Verdict::ensure(*length < 9, "too long")
}

#[step(model = FAST, prompt = "How long is {{ text }}?")]
async fn guess(text: &str) -> Ours<u32>;

#[workflow]
async fn count(text: String) -> Ours<u32> {
    Ok(measure(&text).await? + measure_again(&text).await? + guess(&text).await?)
}

fn main() {
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (runtime, _) = Runtime::test().answer(guess, 4_u32).build().unwrap();
    assert_eq!(tokio.block_on(runtime.run(count("x".into()))).unwrap(), 6);
    let error = tokio.block_on(runtime.run(count(String::new()))).unwrap_err();
    assert_eq!(error.downcast_ref::<Empty>().map(|empty| empty.at), Some(3));
    // Recorded, so that a resumed run has it too.
    assert!(flow::meta(&measure).policy.own_error.is_some());
}
