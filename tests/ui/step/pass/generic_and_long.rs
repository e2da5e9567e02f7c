//! Generic steps, lifetimes, zero and eight arguments, steps inside a function.
#![deny(warnings)]

use std::borrow::Cow;

use flow::prelude::*;

#[contract]
#[derive(Clone, Debug, PartialEq)]
struct Item {
    name: String,
}

#[step]
async fn first<T>(items: Vec<T>) -> Result<Option<T>> {
    Ok(items.into_iter().next())
}

#[step(effect = none)]
async fn none() -> Result<()> {
    Ok(())
}

#[step]
#[allow(clippy::too_many_arguments)]
async fn eight(
    a: u8,
    b: &str,
    c: &[u8],
    d: u8,
    e: Option<&str>,
    f: Vec<u8>,
    g: (u8, u8),
    h: Cow<'_, str>,
) -> Result<usize> {
    Ok(usize::from(a + d + g.0 + g.1) + b.len() + c.len() + e.map_or(0, str::len) + f.len() + h.len())
}

#[step]
async fn longest<'a>(one: &'a str, other: &'a str) -> Result<String> {
    Ok(if one.len() > other.len() { one } else { other }.to_owned())
}

#[workflow]
async fn pick(items: Vec<Item>) -> Result<Option<Item>> {
    none().await?;
    let size = eight(1, "b", &[1, 2], 1, Some("e"), vec![1], (1, 1), "h".into()).await?;
    let long = longest("a", "bb").await?;
    let found = first::<Item>(items).await?;
    Ok(found.filter(|_| size == 10 && long == "bb"))
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    #[step]
    async fn inner(text: String) -> Result<usize> {
        Ok(text.len())
    }

    #[workflow]
    async fn around(text: String) -> Result<usize> {
        inner(text).await
    }

    let (runtime, _) = Runtime::test().build()?;
    assert_eq!(runtime.run(around("abc".into())).await?, 3);
    let item = Item { name: "a".into() };
    assert_eq!(runtime.run(pick(vec![item.clone()])).await?, Some(item));
    assert_eq!(inner("abcd".into()).await?, 4);
    Ok(())
}
