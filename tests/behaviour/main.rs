//! The behaviour of a run, asserted by the order of its events. Time is paused unless a real network is involved.

mod bounds;
mod budgets;
mod cancellation;
mod costs;
mod current;
mod effects;
mod errors;
mod facts;
mod fallbacks;
mod gates;
mod given;
mod graph;
mod held;
mod integers;
mod joins;
mod limits;
mod loops;
mod maps;
mod numbers;
mod outside;
mod panics;
mod people;
mod places;
mod prompts;
mod records;
mod repair;
mod replacements;
mod retries;
mod scripts;
mod setup;
mod sub_workflows;
mod support;
mod timeouts;
#[cfg(feature = "providers")]
mod wire;
mod wrapped;
