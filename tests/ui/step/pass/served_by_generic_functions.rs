// Gates, fixes and fallbacks may be generic, and so may the step that they serve.
#![deny(warnings)]

use flow::prelude::*;

fn some<T>(items: &[T]) -> Verdict {
    Verdict::ensure(!items.is_empty(), "nothing was found")
}

fn few<T>(output: &Option<T>, most: &usize) -> Verdict {
    Verdict::ensure(output.is_none() || *most > 0, "too many")
}

#[step]
async fn whole<T>(items: Vec<T>, _rejection: &Rejection) -> Result<Vec<T>> {
    Ok(items)
}

#[step]
async fn nothing<T>(_items: Vec<T>, _most: usize) -> Result<Option<T>> {
    Ok(None)
}

#[step(gate = some, fix = whole)]
async fn words(text: &str) -> Result<Vec<String>> {
    Ok(text.split(' ').map(ToOwned::to_owned).collect())
}

#[step(gate = few(most), fallback = nothing)]
async fn first<T: Clone>(items: Vec<T>, most: usize) -> Result<Option<T>> {
    Ok(items.into_iter().take(most).next())
}

#[workflow]
async fn run(text: String) -> Result<Option<String>> {
    let all = words(&text).await?;
    first::<String>(all, 1).await
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    let (runtime, _) = Runtime::test().build()?;
    assert_eq!(runtime.run(run("one two".to_owned())).await?.as_deref(), Some("one"));
    Ok(())
}
