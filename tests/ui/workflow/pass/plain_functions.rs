// Plain functions between steps, with values used immediately, borrowed from temporaries, or inferred from later uses.
#![deny(warnings)]

use flow::prelude::*;

#[contract]
#[derive(Clone, Debug, Default, PartialEq)]
struct Candidate {
    name: String,
}

struct Borrowed<'a> {
    text: &'a str,
}

fn borrow(text: &str) -> Borrowed<'_> {
    Borrowed { text }
}

fn pick<T>(one: T, other: T) -> T {
    drop(other);
    one
}

#[step]
async fn extract(text: &str) -> Result<Candidate> {
    Ok(Candidate { name: text.to_owned() })
}

#[workflow]
async fn screen(text: String) -> Result<String> {
    let inferred = Default::default();
    let candidate = pick(extract(&text).await?, inferred);
    let mut list = Vec::new();
    list.push(borrow(&candidate.name).text.len());
    let taken = std::mem::take(&mut list);
    let words = borrow(&text.clone()).text.split(' ').count();
    let number = pick(0, 1);
    let chosen = extract(&candidate.name).await?;
    Ok(format!("{} {} {words} {}", chosen.name, taken.len(), number.max(2)))
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    let (runtime, _) = Runtime::test().build()?;
    assert_eq!(runtime.run(screen("a b".to_owned())).await?, "a b 1 2 2");
    Ok(())
}
