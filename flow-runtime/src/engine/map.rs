//! Maps: one body per item, several at once, with results in the order of the items.
//!
//! The body is a closure without arguments that takes its item from a queue. A closure with an argument would have to
//! be `Send` for every lifetime of that argument, which rustc cannot prove for a spawned workflow.

use std::future::Future;
use std::iter;
use std::marker::PhantomData;
use std::sync::Mutex;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::mutex::lock;
use crate::call::Cx;
use crate::error::{Error, ErrorKind, Result};
use crate::place::NodeId;

/// Default number of items that run at once.
pub const CONCURRENCY: u32 = 16;

/// The remaining items of a map.
#[derive(Debug)]
pub struct Queue<T> {
    items: Mutex<iter::Enumerate<std::vec::IntoIter<T>>>,
    len: usize,
}

impl<T> Queue<T> {
    /// Creates the queue of a map, checking the bound before the first item starts.
    ///
    /// # Errors
    ///
    /// Fails if there are more items than the bound allows.
    pub fn new(items: impl IntoIterator<Item = T>, bound: Option<u32>, cx: &Cx<'_>, node: NodeId) -> Result<Self> {
        let items: Vec<T> = items.into_iter().collect();
        match bound {
            Some(bound) if items.len() > bound as usize => {
                let text =
                    format!("a map over {} items exceeds its bound of {bound}; nothing was started", items.len());
                Err(exceeded(cx, node, bound, text))
            }
            _ => Ok(Self { len: items.len(), items: Mutex::new(items.into_iter().enumerate()) }),
        }
    }

    /// Returns the next item and its index. Called exactly once per item.
    ///
    /// # Panics
    ///
    /// Panics if called more often than there are items, which generated code never does.
    pub fn take(&self) -> (u32, T) {
        match lock(&self.items).next() {
            Some((index, item)) => (index as u32, item),
            None => unreachable!("a map asks its queue once for each item"),
        }
    }
}

/// Runs a map. Ends with the first failure, and drops the items in progress.
///
/// # Errors
///
/// Returns the failure that occurred first.
pub async fn map_all<T, R, W, Fut>(queue: &Queue<T>, at_once: u32, work: W) -> Result<Vec<R>>
where
    W: Fn() -> Fut,
    Fut: Future<Output = (u32, Result<R>)>,
{
    let mut results: Vec<Option<R>> = iter::repeat_with(|| None).take(queue.len).collect();
    let mut under_way: FuturesUnordered<Fut> = (0..queue.len.min(at_once as usize)).map(|_| work()).collect();
    let mut started = under_way.len();
    while let Some((index, result)) = under_way.next().await {
        results[index as usize] = Some(result?);
        if started < queue.len {
            started += 1;
            under_way.push(work());
        }
    }
    Ok(results.into_iter().flatten().collect())
}

/// Runs a map and returns the result of each item.
///
/// # Errors
///
/// Never fails; the type matches [`map_all`].
pub async fn map_settled<T, R, W, Fut>(queue: &Queue<T>, at_once: u32, work: W) -> Result<Vec<Result<R>>>
where
    W: Fn() -> Fut,
    Fut: Future<Output = (u32, Result<R>)>,
{
    let work = &work;
    let kept = || async move {
        let (index, result) = work().await;
        (index, Ok(result))
    };
    map_all(queue, at_once, kept).await
}

/// Creates the error of a loop that exceeds its bound; `head` is the loop as written.
#[cold]
pub fn past_bound(cx: &Cx<'_>, node: NodeId, head: &str, bound: u32) -> Error {
    exceeded(cx, node, bound, format!("`{head}` exceeds its bound of {bound} rounds"))
}

#[cold]
fn exceeded(cx: &Cx<'_>, node: NodeId, bound: u32, text: String) -> Error {
    Error::new(ErrorKind::BoundExceeded { bound: bound.into() }, text).or_at(|| cx.inside(node).at())
}

/// The return type of [`map`], which `#[workflow]` replaces.
#[derive(Debug)]
#[must_use = "a map does nothing until it is awaited"]
pub struct Map<T, R>(PhantomData<(T, R)>);

/// Runs an async closure for each item, several at once, inside a `#[workflow]`.
///
/// Items are processed independently, and the results keep the order of the items. `.concurrency(n)` sets how many run at once
/// (default 16), `.bound(n)` the maximum number of items. `.settle()` returns the result of each item instead of ending with the
/// first failure.
///
/// `#[workflow]` replaces the call; this function only gives editors the types. Outside a workflow it cannot be awaited.
pub fn map<I, F, R>(items: I, body: F) -> Map<I::Item, R>
where
    I: IntoIterator,
    F: AsyncFn(I::Item) -> Result<R>,
{
    let _ = (items, body);
    Map(PhantomData)
}

impl<T, R> Map<T, R> {
    /// Sets how many items run at once.
    pub fn concurrency(self, at_once: u32) -> Self {
        let _ = at_once;
        self
    }

    /// Sets the maximum number of items, checked before the first one starts.
    pub fn bound(self, most: u32) -> Self {
        let _ = most;
        self
    }

    /// Returns the result of each item instead of ending with the first failure.
    pub fn settle(self) -> Map<T, Result<R>> {
        Map(PhantomData)
    }
}

impl<T, R> Future for Map<T, R> {
    type Output = Result<Vec<R>>;

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        std::task::Poll::Ready(Err(Error::new(ErrorKind::Setup, "`map` runs only inside a `#[workflow]`")))
    }
}
