//! Errors keep their type and text, even after a resume.

use std::fmt;

use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;
use flow::{Error, ErrorKind};

use super::support::{Counts, process};

/// An error that is a contract.
#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Empty {
    shelf: u32,
}

impl fmt::Display for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shelf {} is empty", self.shelf)
    }
}

impl std::error::Error for Empty {}

#[step]
async fn take(shelf: u32, #[state] counts: &Counts) -> Result<u32, Empty> {
    counts.count(format!("take {shelf}"));
    Err(Empty { shelf })
}

#[step]
async fn read(path: &str, #[state] counts: &Counts) -> Result<u32> {
    counts.count("read");
    let text = std::fs::read_to_string(path)?;
    Ok(text.len() as u32)
}

#[workflow]
async fn shop(#[state] counts: &Counts) -> Result<u32> {
    // The workflow sees the user's own error, the first time and after each resume.
    let first = match take(1, counts).await {
        Err(error) if error.downcast_ref::<Empty>() == Some(&Empty { shelf: 1 }) => 10,
        _ => 0,
    };
    flow::sleep("1d").await?;
    let second = match read("/nowhere", counts).await {
        Err(error) if error.downcast_ref::<std::io::Error>().is_some() => 1,
        Err(_) => 2,
        Ok(_) => 3,
    };
    flow::sleep("1d").await?;
    take(first + second, counts).await
}

#[tokio::test(start_paused = true)]
async fn the_users_own_error_is_found_again_after_a_resume() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let error = runtime.run(shop().id("r")).await.unwrap_err();
    // An error that is not a contract is only a text after a resume; the sleep following it left memory.
    assert_eq!(error.downcast_ref(), Some(&Empty { shelf: 12 }));
    assert_eq!(counts.all(), [("read".into(), 1), ("take 1".into(), 1), ("take 12".into(), 1)]);
    let again = process(&journal, &counts).run(shop().id("r")).await.unwrap_err();
    assert_eq!(again.downcast_ref(), Some(&Empty { shelf: 12 }));
    assert_eq!((again.to_string(), again.kind()), (error.to_string(), &ErrorKind::Terminal));
    assert_eq!(counts.of("take 12"), 1);
}

#[step]
async fn picky(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("picky {n}"));
    flow::tokio::time::sleep(std::time::Duration::from_secs(u64::from(n))).await;
    if n == 2 {
        flow::bail!("two is refused")
    }
    Ok(n)
}

#[workflow]
async fn hasty(#[state] counts: &Counts) -> Result<u32> {
    let both = try_join!(picky(2, counts), picky(5, counts));
    let kind = match both {
        Ok((a, b)) => a + b,
        Err(error) => error.to_string().len() as u32,
    };
    let items = flow::map([1, 2, 3, 2], async |n| picky(n, counts).await).settle().await?;
    flow::sleep("1d").await?;
    Ok(kind + items.iter().filter(|item| item.is_err()).count() as u32 * 1000)
}

#[tokio::test(start_paused = true)]
async fn failures_that_glue_has_seen_stay_as_they_were() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(hasty().id("r")).await.unwrap());
    flow::tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    drop(runtime);
    let before = counts.all();
    let runtime = process(&journal, &counts);
    let result = runtime.run(hasty().id("r")).await.unwrap();
    assert_eq!(result / 1000, 2);
    // The sibling cut off by the early return is not needed. On resume it is started beside the recorded failure, which drops it
    // before its first poll.
    assert_eq!(counts.of("picky 2"), 3);
    assert_eq!(before.len(), counts.all().len());
    let _: Option<Error> = None;
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    let failed = super::support::lines(&records).into_iter().filter(|line| line.starts_with("step_failed"));
    assert_eq!(
        failed.collect::<Vec<_>>(),
        ["step_failed picky", "step_failed map[1]/picky.3", "step_failed map[3]/picky.3"]
    );
}

#[step(compensate = undo)]
async fn book(n: u32, #[state] counts: &Counts) -> Result<u32> {
    // The second to start is the first to finish.
    flow::tokio::time::sleep(std::time::Duration::from_secs(u64::from(10 - n))).await;
    counts.count(format!("book {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn undo(n: u32) -> Result<()> {
    let _ = n;
    Ok(())
}

#[workflow]
async fn tour(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(book(1, counts), book(2, counts))?;
    flow::sleep("1d").await?;
    let c = book(3, counts).await?;
    picky(2, counts).await.map(|n| n + a + b + c)
}

#[tokio::test(start_paused = true)]
async fn steps_of_an_earlier_process_are_undone_in_the_order_in_which_they_had_finished() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    runtime.run(tour().id("r")).await.unwrap_err();
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    let undone = super::support::lines(&records)
        .into_iter()
        .filter(|line| line.contains("step_finished") && line.contains("undo"));
    assert_eq!(
        undone.collect::<Vec<_>>(),
        ["step_finished book.3/undo", "step_finished book/undo", "step_finished book.2/undo"]
    );
}
