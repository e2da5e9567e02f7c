//! A sub-workflow renamed in a later version keeps its time limit, its failure and its undone steps.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use flow::journal::Memory;
use flow::prelude::*;
use flow::run::{Migration, RunId, Stamp};
use flow::{ErrorKind, tokio::time::Instant};

use super::support::settle;

/// Follows tokio's clock in every process of a test.
#[derive(Clone)]
struct Wall(Arc<Instant>);

impl Wall {
    fn now(&self) -> Stamp {
        Stamp(1_800_000_000_000).plus(self.0.elapsed())
    }
}

thread_local! {
    /// What the bodies of a test have done.
    static DONE: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn did(what: &'static str) {
    DONE.with_borrow_mut(|done| done.push(what));
}

#[step(effect = idempotent, compensate = unbook)]
async fn book(room: u32) -> Result<u32> {
    did("book");
    Ok(room)
}

#[step(effect = idempotent)]
async fn unbook(room: &u32) -> Result<()> {
    did("unbook");
    let _ = room;
    Ok(())
}

#[step(effect = idempotent, compensate = unpay)]
async fn pay(room: u32) -> Result<u32> {
    did("pay");
    Ok(room)
}

#[step(effect = idempotent)]
async fn unpay(room: &u32) -> Result<()> {
    did("unpay");
    let _ = room;
    Ok(())
}

#[step(human, timeout = "30d")]
async fn approve(room: u32) -> Result<Review<u32>>;

#[step]
async fn full(room: u32) -> Result<u32> {
    did("full");
    flow::bail!("room {room} is taken")
}

/// One version: the names of its sub-workflows, and its migration from the versions before.
macro_rules! version {
    ($module:ident, $errand:ident, $try:ident, [$($options:meta),*]) => {
        mod $module {
            use super::*;

            #[workflow(timeout = "3d")]
            async fn $errand(room: u32) -> Result<u32> {
                let room = book(room).await?;
                match approve(room).await? {
                    Review::Accept(room) | Review::Edit(room) => Ok(room),
                    Review::Reject { reason } => flow::bail!("{reason}"),
                }
            }

            #[workflow]
            async fn $try(room: u32) -> Result<u32> {
                let room = pay(room).await?;
                full(room).await
            }

            /// Handles the failure of the first, and waits in the second.
            #[workflow($($options),*)]
            pub(super) async fn trip(room: u32) -> Result<u32> {
                let room = match $try(room).await {
                    Ok(room) => room,
                    Err(_) => room + 1,
                };
                $errand(room).await
            }
        }
    };
}

version!(first, errand, attempt, []);
version!(second, stay, venture, [version = 2, migrate = to_second]);
version!(third, visit, venture, [version = 3, migrate = to_third]);

fn to_second(run: &mut Migration<'_>) -> Result<()> {
    run.rename("errand", "stay");
    run.rename("attempt", "venture");
    Ok(())
}

fn to_third(run: &mut Migration<'_>) -> Result<()> {
    match run.version() {
        1 => {
            run.rename("errand", "visit");
            run.rename("attempt", "venture");
        }
        _ => run.rename("stay", "visit"),
    }
    Ok(())
}

/// A process of one version, in which the run gets to its wait.
macro_rules! process {
    ($module:ident, $journal:expr, $wall:expr) => {{
        let wall = $wall.clone();
        let builder = Runtime::builder().journal($journal.clone()).clock(move || wall.now());
        let runtime = builder.workflow($module::trip).build().unwrap();
        let handle = runtime.start($module::trip(7).id("r")).await.unwrap();
        settle().await;
        (runtime, handle)
    }};
}

fn world() -> (Memory, Wall, RunId) {
    (Memory::new(), Wall(Arc::new(Instant::now())), RunId::named("r"))
}

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(start_paused = true)]
async fn the_time_limit_goes_on_under_the_new_name() {
    let (journal, wall, _) = world();
    let begun = wall.now();
    let (runtime, _) = process!(first, journal, wall);
    runtime.shut_down(Duration::ZERO).await;
    tokio::time::advance(DAY).await;
    let (runtime, _) = process!(second, journal, wall);
    runtime.shut_down(Duration::ZERO).await;
    tokio::time::advance(DAY).await;
    let (_runtime, handle) = process!(third, journal, wall);
    let error = handle.result().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TimedOut { .. }), "{error}");
    let took = wall.now().since(begun);
    assert!(took >= 3 * DAY && took < 3 * DAY + DAY / 24, "{took:?}");
    assert_eq!(DONE.take(), ["pay", "full", "unpay", "book", "unbook"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_undone_under_the_old_name_is_not_undone_again() {
    let (journal, wall, id) = world();
    let (runtime, _) = process!(first, journal, wall);
    runtime.shut_down(Duration::ZERO).await;
    let (runtime, handle) = process!(second, journal, wall);
    runtime.answer(&id, "stay/approve").reject("too dear").await.unwrap();
    assert_eq!(handle.result().await.unwrap_err().message(), "too dear");
    assert_eq!(DONE.take(), ["pay", "full", "unpay", "book", "unbook"]);
}
