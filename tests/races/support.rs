//! The steps of the tests.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use flow::prelude::*;
use flow::run::Stamp;

/// The steps whose bodies have started, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Adds a line when it is dropped before it is done.
struct Dropped<'a>(&'a Log, &'static str, bool);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        if !self.2 {
            self.0.add(format!("{} dropped", self.1));
        }
    }
}

async fn work(log: &Log, name: &'static str, millis: u64) {
    log.add(name);
    let mut dropped = Dropped(log, name, false);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    dropped.2 = true;
}

/// Takes 10 ms; fails for 0.
#[step(retry(max_attempts = 1))]
pub(crate) async fn hare(number: u32, #[state] log: &Log) -> Result<u32> {
    work(log, "hare", 10).await;
    if number == 0 {
        flow::bail!("the hare sleeps");
    }
    Ok(number)
}

/// Takes 20 ms; fails for 0.
#[step]
pub(crate) async fn tortoise(number: u32, #[state] log: &Log) -> Result<u32> {
    work(log, "tortoise", 20).await;
    if number == 0 {
        flow::bail!("the tortoise is lost");
    }
    Ok(number)
}

/// Takes no time.
#[step]
pub(crate) async fn pack(number: u32, #[state] log: &Log) -> Result<u32> {
    log.add("pack");
    Ok(number)
}

/// Who is to win?
#[step(human, timeout = "2d", prompt = "{{ number }}")]
pub(crate) async fn referee(number: u32) -> Result<u32>;

#[workflow]
pub(crate) async fn two(hares: u32, tortoises: u32, #[state] log: &Log) -> Result<u32> {
    let first = race_ok!(hare(hares, log), tortoise(tortoises, log))?;
    pack(first, log).await
}

/// Branches of several steps; a person may be faster than all of them.
#[workflow]
pub(crate) async fn three(hares: u32, tortoises: u32, #[state] log: &Log) -> Result<u32> {
    let first = race_ok!(
        async {
            let packed = pack(hares, log).await?;
            hare(packed, log).await
        },
        referee(7),
        async {
            let packed = pack(tortoises, log).await?;
            let done = tortoise(packed, log).await?;
            pack(done + 100, log).await
        },
    )?;
    pack(first, log).await
}

/// A clock that follows tokio's, which a test has paused.
pub(crate) fn tokio_clock() -> Stamp {
    static START: OnceLock<(Stamp, std::time::Instant)> = OnceLock::new();
    let (stamp, instant) = START.get_or_init(|| (Stamp::now(), std::time::Instant::now()));
    stamp.plus(flow::tokio::time::Instant::now().into_std().saturating_duration_since(*instant))
}
