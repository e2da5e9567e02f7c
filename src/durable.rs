//! Built-in steps: time, randomness, waiting, undoing.

use std::time::SystemTime;

use crate::{Result, step};

/// Waits for a duration: `"500ms"`, `"30s"`, `"5m"`, `"1h"`, `"3d"`.
///
/// With a journal, the end of the wait is recorded when it starts, so that it is the same after a crash or in another process. A
/// long wait takes no memory.
///
/// ```
/// use flow::prelude::*;
///
/// #[workflow]
/// async fn remind() -> Result<u32> {
///     flow::sleep("1d").await?;
///     Ok(1)
/// }
/// ```
///
/// # Errors
///
/// Fails if the text is not a duration.
#[step(__timer)]
pub async fn sleep(time: &str) -> Result<()>;

/// Returns the current time of the system clock. The time is recorded, so a resumed run gets the same.
///
/// ```
/// use std::time::SystemTime;
///
/// use flow::prelude::*;
///
/// #[workflow]
/// async fn begun() -> Result<SystemTime> {
///     flow::now().await
/// }
/// ```
///
/// # Errors
///
/// None of its own.
#[step]
pub async fn now() -> Result<SystemTime> {
    Ok(SystemTime::now())
}

/// Returns a random UUID (version 4) as text. It is recorded, so a resumed run gets the same.
///
/// ```
/// use flow::prelude::*;
///
/// #[workflow]
/// async fn ticket() -> Result<String> {
///     flow::uuid().await
/// }
/// ```
///
/// # Errors
///
/// None of its own.
#[step]
pub async fn uuid() -> Result<String> {
    Ok(flow_runtime::run::uuid_v4())
}

/// Undoes what this workflow has finished so far: its own steps with `compensate` and those of the sub-workflows it called, in
/// reverse order of completion.
///
/// Use it in a workflow that handles an error and still returns `Ok`; a workflow that returns the error undoes its steps anyway.
/// Undone steps are not undone again if the workflow fails later.
///
/// ```
/// use flow::prelude::*;
///
/// #[step(effect = idempotent, compensate = refund)]
/// async fn pay(cents: u32) -> Result<u32> { Ok(cents) }
///
/// #[step(effect = idempotent)]
/// async fn refund(cents: u32) -> Result<()> { let _ = cents; Ok(()) }
///
/// #[step(effect = idempotent)]
/// async fn ship(cents: u32) -> Result<u32> { if cents > 100 { flow::bail!("too heavy") } else { Ok(cents) } }
///
/// #[workflow]
/// async fn order(cents: u32) -> Result<String> {
///     let paid = pay(cents).await?;
///     match ship(paid).await {
///         Ok(_) => Ok("shipped".into()),
///         Err(error) => {
///             flow::undo().await?;
///             Ok(format!("not shipped: {}", error.message()))
///         }
///     }
/// }
///
/// # flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let (runtime, happened) = Runtime::test().build()?;
/// assert_eq!(runtime.run(order(500)).await?, "not shipped: too heavy");
/// assert!(happened.lines().iter().any(|line| line == "did step pay/refund"));
/// # Ok::<(), flow::Error>(())
/// # }).unwrap();
/// ```
///
/// The build rejects it in a branch of `join!` and in a `map`, where other steps are still running: call it afterwards, or make
/// the branch its own workflow.
///
/// # Errors
///
/// Fails if a step cannot be undone; the others are still undone. [`Error::not_undone`](crate::Error::not_undone) lists the
/// failed ones, which stay on the undo list.
#[step(__undo)]
pub async fn undo() -> Result<()>;
