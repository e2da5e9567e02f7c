#![doc = include_str!("manual/tour.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

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

mod durable;

pub mod errors;
pub mod manual;

pub use durable::{now, sleep, undo, uuid};
#[cfg(feature = "cli")]
pub use flow_cli::app::App;
#[cfg(feature = "cli")]
pub use flow_cli::main;
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
/// Options for a single call, between the call and its `.await`:
///
/// ```
/// use flow::prelude::*;
///
/// const FAST: Model = Model::new("openai/gpt-5-mini");
/// const CAREFUL: Model = Model::new("anthropic/claude-sonnet-4-5");
///
/// #[step(model = FAST, prompt = "Summarize in one sentence: {{ text }}")]
/// async fn summarize(text: &str) -> Result<String>;
///
/// #[workflow]
/// async fn brief(text: String) -> Result<String> {
///     let short = summarize(&text).timeout("30s").await?;
///     summarize(&short).model(CAREFUL).id("headline").await
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<()> {
/// let (runtime, _) = Runtime::test().answers(summarize, ["A long one.", "Short."].map(String::from)).build()?;
/// // The id of a workflow's call names the run.
/// assert_eq!(runtime.run(brief("…".into()).id("monday")).await?, "Short.");
/// # Ok(()) }
/// ```
pub use flow_runtime::call::Call;
pub use flow_runtime::call::{CodeStep, Current, InWorkflow, Step, Workflow, current, graph, meta};
pub use flow_runtime::ending::Ending;
pub use flow_runtime::engine::{
    Answering, AnyWorkflow, Attended, Attending, Builder, Events, Handle, Map, Obstacles, Resumed, RunFuture, Runtime,
    Said, Signalled, Signalling, SoFar, Start, Submitted, TakenIn, map,
};
pub use flow_runtime::error::{BoxedError, Error, ErrorKind, Result, Retryable, retryable};
pub use flow_runtime::gate::{Rejection, Verdict};
pub use flow_runtime::money::Money;
pub use flow_runtime::review::Review;
pub use flow_runtime::secret::Secret;
pub use tokio::{join, try_join};
pub use {schemars, serde, serde_json, tokio};

pub use contract::Contract;
pub use provider::Model;

/// Contracts: the JSON shape of what goes into a step and comes out of it, known while the crate compiles.
pub mod contract {
    pub use flow_runtime::contract::{
        Access, Contract, Def, DefPtr, Direction, EnumShape, Field, MAX_DEPTH, Member, Report, Repr, Shape,
        StructShape, Unparsed, Variant, Violation, decode, enforce, fits, parse_json, schema, validate,
    };
}

/// What is observed while a run executes. Nothing is rebuilt from events: the records are the truth.
pub mod event {
    pub use flow_runtime::event::{Event, Observer};
}

/// The graph of a workflow as constant data: nodes, control structure and data edges.
pub mod graphs {
    pub use flow_runtime::graph::{
        Argument, Block, Bounds, Cache, Contract, Edge, Effect, Ending, Gate, Graph, Kind, Leave, Limits, Loss,
        Measure, Meta, MetaPtr, Migrate, Node, OnTimeout, Op, Policy, PromptText, Source, State,
    };

    /// Contract locks: their text, and what a change means for callers, readers and runs in flight.
    pub mod lock {
        pub use flow_runtime::graph::lock::{Change, Changes, Class, Lock, ReadError, classify, describe};
    }
}

/// Where the records of runs are kept, so that a run outlives its process.
///
/// [`Memory`](journal::Memory) ends with the process, `Sqlite` (feature `sqlite`) is one file. Any other implementation of
/// [`Store`](journal::Store) and [`Cache`](journal::Cache) has to pass [`conformance`](journal::conformance). Whoever keeps a single run
/// elsewhere implements [`RunLog`](journal::RunLog) and calls [`Runtime::attend`].
pub mod journal {
    pub use flow_runtime::journal::{
        AppendError, Cache, Delivered, Journal, Judged, Memory, Query, RunLog, Signal, Slot, Store, conformance,
    };
    #[cfg(feature = "sqlite")]
    pub use flow_runtime::journal::{Codec, Sqlite, SqliteOptions, Synchronous};
}

/// Tools of MCP servers, which steps with `mcp = "server/tool"` call. See [`manual::tools`].
#[cfg(feature = "mcp")]
pub mod mcp {
    pub use flow_mcp::{Server, Setting, Variable};
    pub use flow_runtime::mcp::{
        Connected, PublishedTool, ServerFailure, ServerFailureKind, ToolAnswer, ToolConnection, ToolServer,
    };
}

/// Attachments: pictures, sounds and PDF documents as contracts. See [`manual::media`].
pub mod media {
    pub use flow_runtime::media::{Audio, Data, Dimensions, Image, MediaKind, MediaSource, Medium, Pdf};
}

/// Prompts: what a model reads.
pub mod prompt {
    pub use flow_runtime::prompt::{Content, Message, Part, Prompt, Role};
}

/// Providers: the APIs of models. A provider speaks one wire format; schemas are lowered and answers validated outside it.
pub mod provider {
    pub use flow_runtime::provider::{
        AnswerSchema, BoxFuture, Capabilities, Delta, DeltaReader, Deltas, Dropped, Effort, EffortLevels, Failure,
        FailureKind, FromEnvError, KNOWN, Known, Limited, Limits, Long, Lowered, MediaKinds, Model, Offline,
        ParseModelError, Price, Provider, Reply, Request, SchemaSupport, Spent, ToolChoice, ToolSchema, Unreadable,
        Usage, lower, provider_from, read_answer, read_partial,
    };
    #[cfg(feature = "providers")]
    pub use flow_runtime::provider::{Anthropic, Gemini, OpenAi, TokenSource};
    #[cfg(feature = "bedrock")]
    pub use flow_runtime::provider::{AwsCredentials, AwsCredentialsSource, Bedrock};
}

/// Runs and their records.
pub mod run {
    pub use flow_runtime::clock::Clock;
    pub use flow_runtime::run::{
        Attempt, Began, End, Migration, NodeId, Place, Record, RejectedAnswers, RunId, RunState, Stamp, Status,
        StepEnd, StepState, Summary, Wait, WaitsFor, from_line, record_schema, to_line,
    };
}

/// Long texts, cut into chunks that a model can read.
pub mod text {
    pub use flow_runtime::text::{Size, chunks};
}

/// A workflow as an HTTP service.
#[cfg(feature = "service")]
pub mod service {
    pub use flow_service::{Server, Service, Stopped, loopback};
}

/// The program of one or several workflows.
#[cfg(feature = "cli")]
pub mod app {
    pub use flow_cli::app::{App, Invocation, Ran};
}

/// The export of spans over OpenTelemetry.
#[cfg(feature = "otel")]
pub mod otel {
    pub use flow_cli::otel::{Exporting, install, layer, opentelemetry, opentelemetry_sdk, otlp, tracing_subscriber};
}

/// The usual imports for a file that defines workflows.
pub mod prelude {
    pub use crate::{
        Call as _, Contract, Model, Rejection, Result, Review, Runtime, Secret, Verdict, contract, gate, join, map,
        race_ok, step, try_join, workflow,
    };
}

/// Tools for testing workflows: [`TestRuntime`](testing::TestRuntime) and [`assert_contract`](testing::assert_contract).
pub mod testing {
    pub use flow_runtime::contract::testing::assert_contract;
    pub use flow_runtime::engine::{Happened, TestRuntime, Turn, answer, answer_json, call, call_named, calls};
}

/// Used by generated code. Not part of the public API.
#[doc(hidden)]
pub mod __private {
    pub use flow_macros::Contract;
    pub use flow_runtime::private::*;
}

/// Runs several steps at once, until one of them succeeds.
///
/// The branches return the same type; each is a step call, or an `async` block of several steps. The race returns the output of
/// the first branch that succeeds and drops the others. If all branches fail, the race fails, with the error of each
/// ([`Error::branches`]).
///
/// Which branch has won is recorded, so a resumed run goes on with it and does not start the others. Irreversible effects and
/// steps with `compensate` are refused in branches, because a branch may be dropped midway. [Bounds](crate::manual::graph) add up
/// as in [`try_join!`]. Answered model calls of all branches are paid for; a call that is cut off midway has no known
/// [cost](crate::manual::cost).
///
/// A failure that is not of a step's work, such as a missing provider, ends the race at once.
///
/// ```
/// use flow::prelude::*;
///
/// const FAST: Model = Model::new("openai/gpt-5-mini");
/// const CAREFUL: Model = Model::new("anthropic/claude-sonnet-5");
///
/// #[step(model = FAST, prompt = "{{ question }}", timeout = "5s")]
/// async fn fast(question: &str) -> Result<String>;
///
/// #[step(model = CAREFUL, prompt = "{{ question }}")]
/// async fn careful(question: &str) -> Result<String>;
///
/// #[workflow]
/// async fn hedged(question: String) -> Result<String> {
///     race_ok!(fast(&question), careful(&question))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> flow::Result<()> {
/// let overloaded = flow::retryable("overloaded");
/// let runtime = Runtime::test().results(fast, [Err(overloaded)]).answer(careful, "42".to_owned());
/// assert_eq!(runtime.run(hedged("Six times seven?".into())).await?, "42");
/// # Ok(()) }
/// ```
#[macro_export]
macro_rules! race_ok {
    ($first:expr, $($branch:expr),+ $(,)?) => {
        $crate::__private::race_anywhere(
            $crate::__private::Contenders::of(async { $first.await })$(.and_block(async { $branch.await }))+
        )
        .await
    };
}

/// Names the feature that provides the macro, instead of an unresolved name.
#[cfg(not(feature = "cli"))]
#[doc(hidden)]
#[macro_export]
macro_rules! main {
    ($($any:tt)*) => {
        ::core::compile_error!(
            "`flow::main!` needs the feature `cli`: run `cargo add flowgate --features cli`, or write `fn main` yourself and run the workflow with `flow::Runtime`"
        );
        fn main() {}
    };
}

/// The examples of the README are compiled.
#[cfg(all(doctest, feature = "cli"))]
#[doc = include_str!("../README.md")]
struct Readme;
