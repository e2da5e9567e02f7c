//! A branch of a parallel block or a map.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::call::Cx;
use crate::error::{Error, Result};
use crate::provider::BoxFuture;

pin_project! {
    /// A branch of a parallel block, or the body of one item of a map.
    ///
    /// Its failure drops its siblings. In a resumed run, it first waits until they have replayed their records: they
    /// may have finished steps that have to be undone.
    pub struct Branch<'c, F> {
        #[pin]
        body: F,
        cx: &'c Cx<'c>,
        failed: Option<(Failed, BoxFuture<'c, ()>)>,
    }
}

enum Failed {
    Error(Error),
    Panic(Box<dyn Any + Send>),
}

/// Creates a branch, with the error type that `?` needs.
pub fn branch<'c, R, F: Future<Output = Result<R>>>(cx: &'c Cx<'c>, body: F) -> Branch<'c, F> {
    Branch { body, cx, failed: None }
}

impl<R, F: Future<Output = Result<R>>> Future for Branch<'_, F> {
    type Output = Result<R>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<R>> {
        let branch = self.project();
        if branch.cx.run.quiet {
            return branch.body.poll(task);
        }
        if branch.failed.is_none() {
            let failed = match catch_unwind(AssertUnwindSafe(|| branch.body.poll(task))) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(Ok(output))) => return Poll::Ready(Ok(output)),
                Ok(Poll::Ready(Err(error))) => Failed::Error(error),
                Err(panic) => Failed::Panic(panic),
            };
            *branch.failed = Some((failed, branch.cx.run.engine.will_drop(None)));
        }
        if let Some((_, others)) = branch.failed {
            ready!(others.as_mut().poll(task));
        }
        match branch.failed.take() {
            Some((Failed::Error(error), _)) => Poll::Ready(Err(error)),
            Some((Failed::Panic(panic), _)) => resume_unwind(panic),
            None => Poll::Pending,
        }
    }
}
