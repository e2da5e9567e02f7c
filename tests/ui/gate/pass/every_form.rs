//! Gates with and without arguments: functions, steps, and gates in modules.
#![deny(warnings)]

use flow::prelude::*;

mod gates {
    use flow::prelude::*;

    #[gate]
    pub fn even(number: &u32) -> Verdict {
        Verdict::ensure(number.is_multiple_of(2), "it is odd")
    }
}

#[gate]
fn between(number: &u32, least: &u32, words: &[String], text: &str) -> Verdict {
    Verdict::ensure(number >= least, "too small").and(Verdict::ensure(words.len() == text.len(), "too many words"))
}

/// A function without the attribute judges as well.
fn plain(number: &u32) -> Verdict {
    Verdict::ensure(*number < 100, "too big")
}

#[step]
async fn judge(number: &u32) -> Result<Verdict> {
    Ok(Verdict::ensure(*number != 13, "unlucky"))
}

#[step(gate = gates::even, gate = between(least, words, text), gate = plain, gate = judge)]
async fn double(number: u32, least: u32, words: &[String], text: &str) -> Result<u32> {
    Ok(number * 2 + (words.len() - text.len()) as u32 + least - least)
}

#[workflow]
async fn run(number: u32) -> Result<u32> {
    double(number, 4, &["a".to_owned()], "b").await
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    let (runtime, _) = Runtime::test().build()?;
    assert_eq!(runtime.run(run(4)).await?, 8);
    let error = runtime.run(run(1)).await.expect_err("two is less than four").to_string();
    assert!(error.contains("too small"), "{error}");
    Ok(())
}
