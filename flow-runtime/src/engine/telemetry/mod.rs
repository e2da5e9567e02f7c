//! Spans of runs, steps and attempts. Without the feature `tracing`, or without a subscriber, there are none, and
//! nothing here allocates.

#[cfg(feature = "tracing")]
mod names;
#[cfg(feature = "tracing")]
mod on;
#[cfg(feature = "tracing")]
pub(super) use on::{Span, is_heard, journal_failed};

#[cfg(not(feature = "tracing"))]
mod off;
#[cfg(not(feature = "tracing"))]
pub(super) use off::{Span, is_heard, journal_failed};
