//! The runtime behind `flow`, used by generated code. Depend on `flow` instead; nothing here is stable on its own.

pub mod bill;
pub mod call;
pub mod clock;
pub mod contract;
pub mod duration;
pub mod ending;
pub mod engine;
pub mod error;
pub mod event;
pub mod gate;
pub mod graph;
pub mod journal;
pub mod mcp;
pub mod media;
pub mod money;
pub mod place;
#[doc(hidden)]
pub mod private;
pub mod prompt;
pub mod provider;
pub mod retry;
pub mod review;
mod ring;
pub mod run;
pub mod secret;
pub mod text;
mod time_limit;
#[cfg(feature = "tls")]
#[doc(hidden)]
pub mod tls;
pub mod violation;
