//! Explores the hand-off under many thread schedules: the same source file, built with primitives that control scheduling.

mod sync {
    pub(super) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
}

#[expect(clippy::duplicate_mod, reason = "explores the real code, not a copy")]
#[path = "queue.rs"]
mod queue;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};

use shuttle::future::block_on;
use shuttle::sync::{Arc, Mutex};
use shuttle::{check_pct, check_random, thread};

use self::queue::{Promise, Queue};

const SCHEDULES: usize = 2_000;

/// Explores random schedules, and schedules with a few preemptions at critical points.
fn explore(run: fn()) {
    check_random(run, SCHEDULES);
    check_pct(run, SCHEDULES, 3);
}

type Numbers = Queue<(u64, u64), &'static str>;

/// Queues three numbers without waiting in between, then awaits all of them.
fn put_three(queue: &Numbers, who: u64) -> Vec<Result<u64, &'static str>> {
    let receipts: Vec<_> = (0..3).map(|n| queue.put((who, n))).collect();
    receipts.into_iter().map(block_on).collect()
}

/// Drains the queue until it is closed, and records what it took.
fn serve(queue: &Numbers, written: &Mutex<Vec<(u64, u64)>>) {
    loop {
        let batch = queue.take();
        if batch.is_empty() {
            return;
        }
        for pending in batch {
            written.lock().unwrap().push(pending.item);
            pending.promise.keep(Ok(pending.item.1));
        }
    }
}

#[test]
fn everything_is_taken_once_in_order_and_acknowledged() {
    explore(|| {
        let (queue, written) = (Arc::new(Numbers::new()), Arc::new(Mutex::new(Vec::new())));
        let writer = {
            let (queue, written) = (queue.clone(), written.clone());
            thread::spawn(move || serve(&queue, &written))
        };
        let others: Vec<_> = (0..2)
            .map(|who| {
                let queue = queue.clone();
                thread::spawn(move || put_three(&queue, who))
            })
            .collect();
        for other in others {
            assert_eq!(other.join().unwrap(), [Ok(0), Ok(1), Ok(2)], "each producer gets its own outcomes");
        }
        queue.close();
        writer.join().unwrap();
        let written = written.lock().unwrap();
        for who in 0..2 {
            let of: Vec<_> = written.iter().filter(|item| item.0 == who).map(|item| item.1).collect();
            assert_eq!(of, [0, 1, 2]);
        }
    });
}

#[test]
fn what_was_put_in_before_the_end_is_still_taken() {
    explore(|| {
        let (queue, written) = (Arc::new(Numbers::new()), Arc::new(Mutex::new(Vec::new())));
        let writer = {
            let (queue, written) = (queue.clone(), written.clone());
            thread::spawn(move || serve(&queue, &written))
        };
        drop(queue.put((0, 0)));
        drop(queue.put((0, 1)));
        queue.close();
        writer.join().unwrap();
        assert_eq!(*written.lock().unwrap(), [(0, 0), (0, 1)]);
    });
}

#[test]
fn after_a_failure_nothing_is_acknowledged_and_nobody_waits_for_ever() {
    explore(|| {
        let queue = Arc::new(Numbers::new());
        let writer = {
            let queue = queue.clone();
            thread::spawn(move || {
                // The first batch succeeds, the second fails.
                queue.take().into_iter().for_each(|pending| pending.promise.keep(Ok(pending.item.1)));
                let lost = queue.take();
                queue.fail("no disk");
                lost.into_iter().for_each(|pending| pending.promise.keep(Err("no disk")));
            })
        };
        let others: Vec<_> = (0..2)
            .map(|who| {
                let queue = queue.clone();
                thread::spawn(move || put_three(&queue, who))
            })
            .collect();
        // If everything went into the first batch, the writer is waiting for a second.
        let last = block_on(queue.put((9, 9)));
        queue.close();
        for other in others {
            let told = other.join().unwrap();
            let kept = told.iter().take_while(|outcome| outcome.is_ok()).count();
            assert!(told[kept..].iter().all(|outcome| *outcome == Err("no disk")), "{told:?}");
        }
        assert!(last == Ok(9) || last == Err("no disk"));
        writer.join().unwrap();
        assert_eq!(block_on(queue.put((1, 1))), Err("no disk"), "nothing is accepted after a failure");
    });
}

#[test]
fn who_asks_again_with_another_waker_is_woken() {
    explore(|| {
        let queue = Arc::new(Numbers::new());
        let mut receipt = pin!(queue.put((0, 7)));
        let ready = |outcome: &Poll<_>| matches!(outcome, Poll::Ready(Ok(7)));
        let promise: Promise<_> = queue.take().remove(0).promise;
        let keeper = thread::spawn(move || promise.keep(Ok(7)));
        let first = receipt.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop()));
        if !ready(&first) {
            assert_eq!(block_on(receipt), Ok(7));
        }
        keeper.join().unwrap();
    });
}
