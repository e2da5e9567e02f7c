//! Command line of workflow programs, and OpenTelemetry export of their spans.
//!
//! Depend on `flowgate` with the feature `cli` or `otel` instead; it re-exports these items as `flow::App`, `flow::main!` and `flow::otel`.

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "otel")]
pub mod otel;

/// Used by the expansion of `main!`; not part of the public API.
#[cfg(feature = "app")]
#[doc(hidden)]
pub mod __private {
    pub use flow_runtime::private::{Program, ask, demand, quiet};

    pub use crate::app::{Adding, NotAdded, block_on};
}
