//! A step's error may be a custom type, a boxed error, or hidden behind an alias.
#![deny(warnings)]

use std::fmt;

use flow::prelude::{Runtime, contract, step, workflow};

#[derive(Debug)]
struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is missing", self.0)
    }
}

impl std::error::Error for Missing {}

/// Like `anyhow::Error`: it does not implement `Error`, but converts into a boxed error.
struct Any(Box<dyn std::error::Error + Send + Sync>);

impl From<Any> for Box<dyn std::error::Error + Send + Sync> {
    fn from(any: Any) -> Self {
        any.0
    }
}

type Outcome<T> = std::result::Result<T, Missing>;

mod aliased {
    pub type Result<T> = std::result::Result<T, super::Any>;
}

#[contract]
struct Name {
    text: String,
}

#[step]
async fn own(name: &Name) -> Result<u32, Missing> {
    Err(Missing(name.text.clone()))
}

#[step]
async fn anyhow_like(name: &Name) -> aliased::Result<u32> {
    Err(Any(Box::new(Missing(name.text.clone()))))
}

#[step]
async fn boxed(name: &Name) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    Err(format!("{} is unknown", name.text).into())
}

#[step]
async fn ours(name: &Name) -> flow::Result<u32> {
    flow::bail!("{} is refused", name.text)
}

#[workflow]
async fn all(name: Name) -> flow::Result<Vec<String>> {
    let mut texts = Vec::new();
    texts.extend(own(&name).await.err().map(|error| error.to_string()));
    texts.extend(anyhow_like(&name).await.err().map(|error| error.to_string()));
    texts.extend(boxed(&name).await.err().map(|error| error.to_string()));
    texts.extend(ours(&name).await.err().map(|error| error.to_string()));
    Ok(texts)
}

fn direct() -> Outcome<u32> {
    Ok(1)
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> flow::Result<()> {
    let (runtime, _) = Runtime::test().build()?;
    let texts = runtime.run(all(Name { text: "x".into() })).await?;
    assert_eq!(texts.len(), 4);
    assert!(texts[0].contains("x is missing") && texts[1].contains("x is missing"), "{texts:?}");
    assert!(texts[2].contains("x is unknown") && texts[3].contains("x is refused"), "{texts:?}");
    assert!(own(&Name { text: "y".into() }).await.is_err_and(|error: Missing| error.0 == "y"));
    assert_eq!(direct().ok(), Some(1));
    Ok(())
}
