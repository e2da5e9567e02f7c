//! Every form allowed in a workflow, executed.
#![forbid(unsafe_code)]
#![deny(warnings)]
#![warn(unused, unused_qualifications, clippy::all)]

use flow::prelude::*;

#[step]
async fn double(number: u32) -> Result<u32> {
    Ok(number * 2)
}

#[step]
async fn length(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[step]
async fn split(text: &str) -> Result<Vec<String>> {
    Ok(text.split(' ').map(str::to_owned).collect())
}

#[step]
async fn find(text: &str) -> Result<Option<String>> {
    Ok(text.split(' ').find(|word| word.len() > 3).map(str::to_owned))
}

#[step]
async fn fails(number: u32) -> Result<u32> {
    flow::bail!("{number} is refused")
}

#[workflow]
async fn sequence(text: String) -> Result<u32> {
    let size = length(&text).await?;
    double(double(size).await?).await
}

#[workflow]
async fn parallel(text: String) -> Result<u32> {
    let (one, other) = try_join!(length(&text), async {
        let size = length("abc").await?;
        double(size).await
    })?;
    let (left, right) = join!(double(one), fails(other));
    assert!(right.is_err());
    Ok(left? + other)
}

#[workflow]
async fn races(text: String) -> Result<u32> {
    let first = race_ok!(fails(2), length(&text))?;
    race_ok!(fails(first), async {
        let size = length("abc").await?;
        double(size).await
    })
}

#[workflow]
async fn branches(text: String) -> Result<u32> {
    let size = if text.is_empty() { 1 } else { length(&text).await? };
    let found = match find(&text).await? {
        Some(word) if word.len() > 100 => return Ok(0),
        Some(word) => length(&word).await?,
        None => 0,
    };
    let Some(word) = find(&text).await? else {
        return double(size).await;
    };
    if let Some(other) = find(&word).await?
        && size > 2
        && length(&other).await? > 1
    {
        return Ok(found + size);
    }
    Ok(found)
}

#[workflow]
async fn loops(text: String) -> Result<u32> {
    let mut number = 1;
    #[bound(5)]
    while number < 10 {
        number = double(number).await?;
    }
    let grown = #[bound(5)]
    loop {
        number = double(number).await?;
        if number > 40 {
            break number;
        }
    };
    for _ in 0..3 {
        number = double(1).await?;
    }
    'outer: for word in split(&text).await? {
        #[bound(2, break)]
        loop {
            if length(&word).await? > 3 {
                continue 'outer;
            }
            number += 1;
        }
    }
    let mut next = Some(text);
    #[bound(9)]
    while let Some(word) = next {
        number += length(&word).await?;
        next = None;
    }
    #[bound(3)]
    for word in ["a", "bc"] {
        number += length(word).await?;
    }
    Ok(grown + number)
}

#[workflow]
async fn maps(text: String, by: u32) -> Result<u32> {
    let words = split(&text).await?;
    let sizes = map(&words, async |word| {
        let size = length(word).await?;
        double(size * by).await
    })
    .concurrency(2)
    .bound(10)
    .await?;
    let nested = map(words, async |word: String| {
        let parts = map(vec![word.clone(), word], async |part: String| length(&part).await).await?;
        Ok(parts.iter().sum::<u32>())
    })
    .await?;
    let settled = if by > 0 { map(vec![1, 2], async |number| fails(number).await).settle().await? } else { Vec::new() };
    assert!(settled.iter().all(Result::is_err));
    Ok(sizes.iter().sum::<u32>() * 100 + nested.iter().sum::<u32>())
}

#[workflow]
async fn whole(text: String) -> Result<Vec<u32>> {
    let first = sequence(text.clone()).id("first").await?;
    let second = parallel(text.clone()).timeout("5s").await?;
    let (third, fourth) = try_join!(branches(text.clone()), loops(text.clone()))?;
    let fifth = races(text.clone()).await?;
    let sixth = maps(text, 1).await?;
    Ok(vec![first, second, third, fourth, fifth, sixth])
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    let (runtime, _) = Runtime::test().build()?;
    let numbers = flow::tokio::spawn(runtime.run(whole("to know it".into()))).await.expect("no panic")?;
    assert_eq!(numbers, [40, 26, 14, 83, 6, 1616]);
    Ok(())
}
