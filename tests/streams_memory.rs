//! A thousand answers are streamed at once, each in little memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use flow::prelude::*;
use flow::provider::{BoxFuture, Deltas, Failure, Provider, Reply, Request};
use flow::tokio;
use tokio::sync::Semaphore;

struct Counting;

/// The bytes in use.
static USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is forwarded unchanged to the system allocator.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        USED.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller upholds the contract of `alloc`, which is the same here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller upholds the contract of `dealloc`, which is the same here.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const STREAMS: usize = 1_000;

/// The goal for each stream.
const MOST: usize = 64 * 1024;

/// An answer of 3,000 tokens, and its pieces.
const PIECES: usize = 3_000;
const PIECE: &str = "word ";

const FAST: Model = Model::new("fake/fast");

#[step(model = FAST, prompt = "Write to {{ name }}.")]
async fn write(name: &str) -> Result<String>;

#[workflow]
async fn letter(name: String) -> Result<String> {
    write(&name).await
}

/// Says all pieces, and ends once it may.
struct Long {
    spoken: Arc<Semaphore>,
    may_end: Arc<Semaphore>,
}

impl Provider for Long {
    fn name(&self) -> &str {
        "fake"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        panic!("the answer is streamed")
    }

    fn stream<'a>(&'a self, _: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            for _ in 0..PIECES {
                deltas.text(PIECE);
            }
            self.spoken.add_permits(1);
            let _ = self.may_end.acquire().await;
            Ok(Reply::new(PIECE.repeat(PIECES)))
        })
    }
}

#[tokio::test]
async fn a_thousand_streams_fit_into_64_kib_each() {
    let (spoken, may_end) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let provider = Long { spoken: spoken.clone(), may_end: may_end.clone() };
    let runtime = Runtime::builder().provider(provider).build().unwrap();
    let before = USED.load(Relaxed);
    let mut runs = Vec::with_capacity(STREAMS);
    for number in 0..STREAMS {
        runs.push(runtime.watch(letter(number.to_string())).await.unwrap());
    }
    spoken.acquire_many(STREAMS as u32).await.unwrap().forget();
    let each = (USED.load(Relaxed) - before) / STREAMS;
    eprintln!("{each} bytes for each stream in progress, with {} bytes of text", PIECES * PIECE.len());
    assert!(each < MOST, "{each} bytes for each stream");
    may_end.add_permits(STREAMS);
    for (handle, events) in runs {
        drop(events);
        assert_eq!(handle.result().await.unwrap().len(), PIECES * PIECE.len());
    }
}
