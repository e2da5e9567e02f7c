// A method called `join` is plain code, in a closure and in a loop.
#![deny(warnings)]

use flow::prelude::*;

#[step]
async fn length(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow]
async fn total(lines: Vec<Vec<String>>) -> Result<usize> {
    let joined: Vec<String> = lines.iter().map(|words| words.join(" ")).collect();
    let mut all = String::new();
    while all.len() < 3 {
        all.push_str(&joined.join("\n"));
    }
    length(&all).await
}

fn main() {
    let executor = flow::tokio::runtime::Builder::new_current_thread().build().unwrap();
    let runtime = Runtime::builder().build().unwrap();
    let lines = vec![vec!["ab".into(), "c".into()]];
    assert_eq!(executor.block_on(runtime.run(total(lines))).unwrap(), 4);
}
