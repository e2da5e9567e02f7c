//! Steps that every workflow may need: time, chance, waiting, undoing.

use std::time::SystemTime;

use crate::{Result, step};

/// Waits for a while: `"500ms"`, `"30s"`, `"5m"`, `"1h"`, `"3d"`. In a run that a journal keeps the end of the wait is recorded
/// when it begins, so that it lasts as long across a crash or in another process, and a long one takes no memory.
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
/// A text that is no such time.
#[step(__timer)]
pub async fn sleep(time: &str) -> Result<()>;

/// What time it is by the machine's clock, recorded: a resumed run reads the same.
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

/// A random UUID (version 4) as text, recorded: a resumed run has the same.
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

/// Undoes what this workflow has finished so far: the steps with `compensate`, its own and those of the sub-workflows that it has called,
/// in reverse order of completion. It is for a workflow that handles a failure itself and still returns `Ok`; one that returns the
/// error undoes its steps anyway.
///
/// Steps that were undone are not undone again if the workflow fails later.
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
/// The build refuses it in a branch of `join!` and in a `map`, where other steps are still running: call it after them, or make the
/// branch a workflow of its own.
///
/// # Errors
///
/// A step that cannot be undone; the others are undone all the same. [`Error::not_undone`](crate::Error::not_undone) names each, and it
/// stays on the undo list.
#[step(__undo)]
pub async fn undo() -> Result<()>;
