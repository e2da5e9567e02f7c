//! Termination signals.

/// Completes at the next termination signal; never if `hears` is false or signals are unavailable.
pub(super) async fn interruption(hears: bool) {
    if !hears {
        return std::future::pending().await;
    }
    tokio::select! {
        Ok(()) = tokio::signal::ctrl_c() => {}
        () = termination() => {}
        else => std::future::pending().await,
    }
}

#[cfg(unix)]
async fn termination() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn termination() {
    std::future::pending().await
}
