#![doc = include_str!("manual/tour.md")]

// `durable` defines steps, whose generated code refers to this crate as `flow`.
extern crate self as flow;

/// Declares one module per page, documented by a file in the folder.
macro_rules! pages {
    ($folder:literal: $($page:ident)*) => {
        $(
            #[doc = include_str!(concat!($folder, "/", stringify!($page), ".md"))]
            pub mod $page {}
        )*
    };
}
use pages;

#[cfg(feature = "cli")]
pub mod app;
mod durable;

pub mod errors;
pub mod manual;
#[cfg(feature = "otel")]
pub mod otel;

#[cfg(feature = "cli")]
pub use app::App;
pub use durable::{now, sleep, undo, uuid};
pub use flow_macros::Contract;
#[doc = include_str!("manual/contract.md")]
pub use flow_macros::contract;
#[doc = include_str!("manual/gate.md")]
pub use flow_macros::gate;
#[doc = include_str!("manual/step.md")]
pub use flow_macros::step;
#[doc = include_str!("manual/workflow.md")]
pub use flow_macros::workflow;
pub use flow_runtime::bail;
pub use flow_runtime::bill::Bill;
pub use flow_runtime::call::{Call, CodeStep, Current, InWorkflow, Step, Workflow, current};
pub use flow_runtime::call::{graph, meta};
pub use flow_runtime::contract::Contract;
pub use flow_runtime::engine::{
    Answering, Builder, Events, Handle, Map, Resumed, RunFuture, Runtime, Said, Signalled, Signalling, Submitted,
    TakenIn, map,
};
pub use flow_runtime::error::{BoxedError, Error, ErrorKind, Result, Retryable, retryable};
pub use flow_runtime::gate::{Rejection, Verdict};
pub use flow_runtime::money::Money;
pub use flow_runtime::provider::Model;
pub use flow_runtime::review::Review;
pub use flow_runtime::secret::Secret;
pub use flow_runtime::{contract, event, graph as graphs, journal, prompt, provider, run, text};
#[cfg(feature = "service")]
pub use flow_service as service;
pub use tokio::{join, try_join};
pub use {schemars, serde, serde_json, tokio};

/// The usual imports for a file that defines workflows.
pub mod prelude {
    pub use crate::{
        Call as _, Contract, Model, Rejection, Result, Review, Runtime, Secret, Verdict, contract, gate, join, map,
        step, try_join, workflow,
    };
}

/// Tools for testing workflows: [`TestRuntime`](testing::TestRuntime) and [`assert_contract`](testing::assert_contract).
pub mod testing {
    pub use flow_runtime::contract::testing::assert_contract;
    pub use flow_runtime::engine::{Happened, TestRuntime};
}

/// Used by generated code. Not part of the public API.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "cli")]
    pub use crate::app::{Adding, NotAdded, block_on};
    pub use flow_macros::Contract;
    pub use flow_runtime::private::*;
}

/// Names the feature that provides the macro, instead of an unresolved name.
#[cfg(not(feature = "cli"))]
#[doc(hidden)]
#[macro_export]
macro_rules! main {
    ($($any:tt)*) => {
        ::core::compile_error!(
            "`flow::main!` needs the feature `cli`: write `flow = { version = \"…\", features = [\"cli\"] }` in Cargo.toml, or write `fn main` yourself and run the workflow with `flow::Runtime`"
        );
        fn main() {}
    };
}

/// The examples of the README are compiled.
#[cfg(all(doctest, feature = "cli"))]
#[doc = include_str!("../README.md")]
struct Readme;
