//! The program of a workflow: its command line, and the export of its spans.
//!
//! Depend on `flowgate` with the feature `cli` or `otel` instead; it shows these items as `flow::App`, `flow::main!` and `flow::otel`.

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "otel")]
pub mod otel;

/// What `main!` expands to. Not a promise.
#[cfg(feature = "app")]
#[doc(hidden)]
pub mod __private {
    pub use flow_runtime::private::{Program, ask, demand, quiet};

    pub use crate::app::{Adding, NotAdded, block_on};
}
