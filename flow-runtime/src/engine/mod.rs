//! Runs workflows in this process.

mod answer;
mod any;
mod approval;
mod attempt;
mod branch;
mod budget;
mod budgets;
mod builder;
mod cache;
mod calls;
mod carried;
mod converse;
mod durable;
mod end;
mod execute;
mod feed;
mod fill;
mod gates;
mod handle;
mod here;
mod host;
mod in_process;
mod known;
mod map;
mod models;
mod mutex;
mod order;
mod prompts;
mod run;
mod running;
mod runtime;
mod script;
mod setup;
mod shared;
mod silence;
mod spend;
mod telemetry;
mod test;
mod tried;
mod turns;
mod underway;
mod undo;
mod watch;

pub use any::{AnyWorkflow, Ready};
pub use branch::{Branch, branch};
pub use builder::Builder;
pub use durable::{
    Answering, Attended, Attending, Obstacles, Resumed, Said, Signalled, Signalling, Start, Submitted, TakenIn,
};
pub use handle::{Events, Handle};
pub use map::{CONCURRENCY, Map, Queue, map, map_all, map_settled, past_bound};
pub use order::{Fixed, Here, Left, OrderProbe, Ordered, Random, Repeatable, Right, Unordered, require_order};
pub use run::RunFuture;
pub use runtime::Runtime;
pub use test::{Happened, TestRuntime};
pub use turns::{Turn, answer, answer_json, call, call_named, calls};
