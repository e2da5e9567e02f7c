//! Time limits for futures, including futures that block their thread past the limit.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A future that exceeded its time limit.
#[derive(Debug)]
pub(crate) struct Late<T> {
    /// The output it returned anyway, because it blocked its thread past the moment at which it would have been
    /// stopped.
    pub(crate) output: Option<T>,
    /// How long it blocked its thread; `None` if it spent the time waiting.
    pub(crate) blocked: Option<Blocked>,
}

/// How long a future blocked its thread without yielding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Blocked(Duration);

impl Blocked {
    /// Requires more than half of the limit: a future that was merely descheduled has not blocked.
    fn most_of(limit: Duration, busy: Duration) -> Option<Self> {
        (busy * 2 > limit && !limit.is_zero()).then_some(Self(busy))
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Duration::from_millis(self.0.as_millis().try_into().unwrap_or(u64::MAX));
        write!(
            f,
            "blocks its thread ({time:?} without yielding), so it could not be stopped in time: \
             add an await point, or move the blocking work to `tokio::task::spawn_blocking`"
        )
    }
}

/// Runs a future to completion or until its time is up.
///
/// A future that completes too late has timed out if its last poll began in time, or if the future itself blocked the
/// thread. A future that was ready, but polled too late because something else blocked the thread, is in time.
async fn within<F: Future>(limit: Duration, future: F) -> Result<F::Output, Late<F::Output>> {
    let mut future = pin!(future);
    let Some(deadline) = Instant::now().checked_add(limit) else { return Ok(future.await) };
    let mut over = pin!(sleep_until(deadline));
    let mut busy = Duration::ZERO;
    poll_fn(|task| {
        let begun = Instant::now();
        let polled = future.as_mut().poll(task);
        let ended = Instant::now();
        busy += ended - begun;
        let blocked = Blocked::most_of(limit, busy);
        match polled {
            Poll::Ready(output) if deadline < ended && (begun < deadline || blocked.is_some()) => {
                Poll::Ready(Err(Late { output: Some(output), blocked }))
            }
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending if deadline <= ended => Poll::Ready(Err(Late { output: None, blocked })),
            Poll::Pending => over.as_mut().poll(task).map(|()| Err(Late { output: None, blocked })),
        }
    })
    .await
}

/// The longest that a timer is trusted: timers stop while the machine is suspended, and its clock may be set.
pub(crate) const LOOK: Duration = Duration::from_secs(60);

/// Like [`within`], with a limit kept by a clock: `left` is asked for the remaining time at least once a minute.
pub(crate) async fn within_clock<F: Future>(
    left: impl Fn() -> Duration,
    future: F,
) -> Result<F::Output, Late<F::Output>> {
    let mut future = pin!(future);
    let limit = left();
    let (mut turn, mut busy) = (limit, Duration::ZERO);
    loop {
        let late = match within(turn.min(LOOK), future.as_mut()).await {
            Ok(output) => return Ok(output),
            Err(late) => late,
        };
        turn = left();
        busy += late.blocked.map_or(Duration::ZERO, |blocked| blocked.0);
        match late.output {
            output if turn.is_zero() => return Err(Late { output, blocked: Blocked::most_of(limit, busy) }),
            Some(output) => return Ok(output),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use futures_util::FutureExt;
    use tokio::task::yield_now;
    use tokio::time::sleep;

    use super::*;

    const LIMIT: Duration = Duration::from_millis(150);

    /// Blocks the thread until `time` has certainly passed.
    fn block(time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() <= time {
            std::thread::sleep(time);
        }
    }

    #[tokio::test]
    async fn what_blocks_until_it_is_too_late_is_late() {
        for late in [
            within(LIMIT, async { block(2 * LIMIT) }).await,
            within(LIMIT, async {
                yield_now().await;
                block(2 * LIMIT);
            })
            .await,
        ] {
            let late = late.unwrap_err();
            assert!(late.output.is_some() && late.blocked.is_some(), "{late:?}");
        }
        let stopped = within(LIMIT, async {
            block(2 * LIMIT);
            sleep(60 * LIMIT).await;
        });
        let stopped = stopped.await.unwrap_err();
        assert!(stopped.output.is_none() && stopped.blocked.is_some(), "{stopped:?}");
        let pieces = within(LIMIT, async {
            loop {
                block(LIMIT / 4);
                yield_now().await;
            }
        });
        let pieces: Late<()> = pieces.await.unwrap_err();
        assert!(pieces.blocked.is_some(), "it yields but is busy all the time: {pieces:?}");
    }

    #[tokio::test]
    async fn what_blocks_after_another_has_kept_the_thread_is_late_too() {
        let body = || async {
            yield_now().await;
            block(2 * LIMIT);
        };
        let both = tokio::join!(within(LIMIT, body()), within(LIMIT, body()));
        for late in [both.0, both.1] {
            let late = late.unwrap_err();
            assert!(late.output.is_some() && late.blocked.is_some(), "{late:?}");
        }
    }

    /// Blocking is simulated with tokio's paused clock, since blocking for real would take minutes.
    #[tokio::test(start_paused = true)]
    async fn what_blocks_for_longer_than_a_timer_is_trusted_is_told_too() {
        let left = |limit| {
            let begun = Instant::now();
            move || Duration::saturating_sub(limit, begun.elapsed())
        };
        let keep = |time| async move {
            let _ = tokio::time::advance(time).now_or_never();
        };
        let late = within_clock(left(3 * LOOK), keep(4 * LOOK)).await.unwrap_err();
        assert!(late.output.is_some() && late.blocked == Some(Blocked(4 * LOOK)), "{late:?}");
        within_clock(left(3 * LOOK), keep(2 * LOOK)).await.expect("it is in time");
        let waits = async {
            keep(LOOK + LIMIT).await;
            sleep(9 * LOOK).await;
        };
        let late = within_clock(left(3 * LOOK), waits).await.unwrap_err();
        assert!(late.output.is_none() && late.blocked.is_none(), "{late:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_is_stopped_in_time_and_does_not_block() {
        let late = within(LIMIT, sleep(2 * LIMIT)).await.unwrap_err();
        assert!(late.output.is_none() && late.blocked.is_none(), "{late:?}");
        within(LIMIT, sleep(LIMIT)).await.expect("it ends exactly at the limit");
        within(Duration::ZERO, ready(())).await.expect("it is ready at once");
        within(Duration::MAX, sleep(LIMIT)).await.expect("the limit overflows");
    }

    #[tokio::test]
    async fn what_was_ready_while_another_kept_the_thread_is_in_time() {
        let (send, receive) = tokio::sync::oneshot::channel();
        let waits = within(LIMIT, receive);
        let blocks = async {
            let _ = send.send(());
            block(2 * LIMIT);
        };
        // Polled in this order: the first becomes ready but is polled again too late.
        let (waited, ()) = tokio::join!(biased; waits, blocks);
        waited.expect("something else blocked the thread").unwrap();
    }
}
