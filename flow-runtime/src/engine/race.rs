//! Races: all branches at once, until one succeeds.

use std::future::poll_fn;
use std::task::{Context, Poll};

use crate::call::Cx;
use crate::error::{Error, ErrorKind, Result};
use crate::provider::BoxFuture;

/// Runs the branches of a race, which is at `cx`, until one succeeds.
///
/// The choice is recorded before the other branches are dropped. A resumed run takes the recorded branch and does not start
/// the others. If it has no choice, its branches first replay their records; of those that are complete, the first one wins.
///
/// # Errors
///
/// Fails if all branches fail, with the error of each, and at once with a failure that is not of a step's work, such as a missing
/// provider.
pub async fn race<T>(cx: &Cx<'_>, mut branches: Contenders<'_, T>) -> Result<T> {
    if let Some(winner) = chosen(cx, branches.0.len()).await {
        return branches.0.swap_remove(winner).await;
    }
    let mut race = Race::of(branches);
    // A branch that is complete in the records wins, so none goes on before all have replayed theirs.
    race.replays(cx).await;
    let ended = poll_fn(|task| race.runs(task)).await;
    if ended != Ended::Failed {
        race.replays(cx).await;
    }
    let (winner, output) = match (ended, race.broken()) {
        (_, Some(error)) => return Err(error),
        (Ended::Failed, None) => return Err(race.failed().or_at(|| cx.at())),
        (_, None) => race.won(),
    };
    if !cx.run.quiet {
        cx.run.engine.did_choose(cx, winner as u32).await;
    }
    drop(race);
    Ok(output)
}

/// The same outside a workflow, where nothing is recorded.
///
/// # Errors
///
/// Fails if all branches fail, with the error of each.
pub async fn race_anywhere<T>(branches: Contenders<'_, T>) -> Result<T> {
    let mut race = Race::of(branches);
    match (poll_fn(|task| race.runs(task)).await, race.broken()) {
        (_, Some(error)) => Err(error),
        (Ended::Failed, None) => Err(race.failed()),
        (_, None) => Ok(race.won().1),
    }
}

async fn chosen(cx: &Cx<'_>, branches: usize) -> Option<usize> {
    if cx.run.quiet {
        return None;
    }
    cx.run.engine.chosen(cx, branches as u32).await.map(|winner| winner as usize)
}

/// The branches of a race before it starts. The methods give `?` the error type that it needs.
#[allow(missing_debug_implementations, reason = "futures have none")]
pub struct Contenders<'c, T>(Vec<BoxFuture<'c, Result<T>>>);

impl<'c, T: 'c> Contenders<'c, T> {
    /// Begins with the first branch.
    pub fn of<F: Future<Output = Result<T>> + Send + 'c>(first: F) -> Self {
        Self(vec![Box::pin(first)])
    }

    /// Adds a block, whose type may follow from the other branches.
    pub fn and_block<F: Future<Output = Result<T>> + Send + 'c>(mut self, branch: F) -> Self {
        self.0.push(Box::pin(branch));
        self
    }

    /// Adds a call. Its type is known, so a different one can be reported by name.
    pub fn and<U: SameAs<T>, F: Future<Output = Result<U>> + Send + 'c>(mut self, branch: F) -> Self {
        self.0.push(Box::pin(async move { branch.await.map(SameAs::same) }));
        self
    }
}

/// The type of all branches.
#[diagnostic::on_unimplemented(
    message = "the branches of `race_ok!` must return the same type, but the first returns `{T}`, and this one `{Self}`",
    label = "returns `{Self}`",
    note = "convert one of them in an `async {{ … }}` block, or use an enum with a variant for each",
    note = "see flow::errors::race"
)]
pub trait SameAs<T> {
    /// Returns the value itself.
    fn same(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> SameAs<T> for T {
    fn same(self) -> T {
        self
    }
}

struct Race<'c, T> {
    branches: Vec<Branch<'c, T>>,
}

/// Why no branch has to run any more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Succeeded,
    /// All branches have failed.
    Failed,
    /// A branch has failed because of the run, not of its work.
    Broken,
}

enum Branch<'c, T> {
    Running(BoxFuture<'c, Result<T>>),
    Succeeded(T),
    Failed(Error),
}

impl<'c, T> Race<'c, T> {
    fn of(branches: Contenders<'c, T>) -> Self {
        Self { branches: branches.0.into_iter().map(Branch::Running).collect() }
    }

    /// Polls the branches in the order written, until one succeeds or all fail.
    fn runs(&mut self, task: &mut Context<'_>) -> Poll<Ended> {
        let mut is_running = false;
        for branch in &mut self.branches {
            branch.runs(task);
            match branch {
                Branch::Succeeded(_) => return Poll::Ready(Ended::Succeeded),
                Branch::Failed(error) if !error.kind().is_of_step() => return Poll::Ready(Ended::Broken),
                Branch::Running(_) => is_running = true,
                Branch::Failed(_) => {}
            }
        }
        if is_running { Poll::Pending } else { Poll::Ready(Ended::Failed) }
    }

    /// Lets all branches replay their records.
    async fn replays(&mut self, cx: &Cx<'_>) {
        if !cx.run.quiet {
            let mut replayed = cx.run.engine.will_drop(None);
            poll_fn(|task| self.runs_until(&mut replayed, task)).await;
        }
    }

    fn runs_until(&mut self, end: &mut BoxFuture<'_, ()>, task: &mut Context<'_>) -> Poll<()> {
        if end.as_mut().poll(task).is_ready() {
            return Poll::Ready(());
        }
        self.branches.iter_mut().for_each(|branch| branch.runs(task));
        end.as_mut().poll(task)
    }

    /// The first failure of the run itself, unless a branch has succeeded.
    fn broken(&mut self) -> Option<Error> {
        let is_won = self.branches.iter().any(|branch| matches!(branch, Branch::Succeeded(_)));
        let is_broken = |branch: &Branch<'_, T>| match branch {
            Branch::Failed(error) => !error.kind().is_of_step(),
            _ => false,
        };
        let broken = self.branches.iter().position(is_broken).filter(|_| !is_won)?;
        match self.branches.swap_remove(broken) {
            Branch::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Takes the output of the first branch that has succeeded.
    fn won(&mut self) -> (usize, T) {
        let winner = self.branches.iter().position(|branch| matches!(branch, Branch::Succeeded(_)));
        let winner = winner.unwrap_or_default();
        match std::mem::replace(&mut self.branches[winner], Branch::Failed(Error::terminal(""))) {
            Branch::Succeeded(output) => (winner, output),
            _ => unreachable!("asked only once a branch has succeeded"),
        }
    }

    /// The error of a race whose branches have all failed. A retry may help if it may help one of them.
    #[cold]
    fn failed(self) -> Error {
        let errors = self.branches.into_iter().filter_map(|branch| match branch {
            Branch::Failed(error) => Some(error),
            _ => None,
        });
        let errors: Vec<_> = errors.collect();
        let kind = match errors.iter().any(Error::is_retryable) {
            true => ErrorKind::Retryable,
            false => ErrorKind::Terminal,
        };
        let text = format!("none of the {} branches of `race_ok!` succeeded", errors.len());
        Error::new(kind, text).with_branches(errors)
    }
}

impl<T> Branch<'_, T> {
    fn runs(&mut self, task: &mut Context<'_>) {
        let Self::Running(running) = self else { return };
        match running.as_mut().poll(task) {
            Poll::Pending => {}
            Poll::Ready(Ok(output)) => *self = Self::Succeeded(output),
            Poll::Ready(Err(error)) => *self = Self::Failed(error),
        }
    }
}
