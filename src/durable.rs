//! Steps that every workflow may need: time, chance, waiting.

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
