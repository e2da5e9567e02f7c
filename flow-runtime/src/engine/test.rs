//! Runtimes for tests, with scripted steps.

use std::sync::{Arc, Mutex, OnceLock};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::builder::Builder;
use super::mutex::lock;
use super::runtime::Runtime;
use super::script::Scripts;
use super::turns::Turn;
use crate::call::{Call, StepFn, Workflow};
use crate::contract::encode;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Observer};
use crate::graph::Meta;
use crate::journal::Journal;
use crate::money::Money;
use crate::provider::{Price, Provider};
use crate::run::Stamp;

/// A [`Runtime`] for tests: steps return scripted answers.
///
/// Model, human, signal and MCP steps are answered by the script, code steps only if the test scripts them. Contracts, gates and
/// repairs apply to scripted answers, and while somebody [listens](crate::event::Event::Said), they are said word by word. A model step without a scripted answer fails, and the error names it. Before the first step
/// of a workflow, the contracts of all its steps are compared with their published schemas.
#[derive(Default)]
#[must_use = "a test runtime does nothing until it runs a workflow"]
pub struct TestRuntime {
    builder: Builder,
    scripts: Scripts,
    events: Log,
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Observer for Log {
    fn event(&self, event: &Event) {
        lock(&self.0).push(event.to_string());
    }
}

impl Runtime {
    /// Creates a runtime for tests, in which steps return scripted answers.
    pub fn test() -> TestRuntime {
        TestRuntime::default()
    }
}

impl TestRuntime {
    /// Scripts an output that the step returns every time.
    ///
    /// # Panics
    ///
    /// Panics if the output cannot be serialised.
    pub fn answer<A, F: StepFn<A>>(mut self, step: F, output: <F::Call as Call>::Ok) -> Self
    where
        <F::Call as Call>::Ok: Serialize,
    {
        let _ = step;
        self.scripts.always(F::META.get(), json(&output));
        self
    }

    /// Scripts a sequence of outputs: the step returns one per call, and fails when none are left.
    ///
    /// # Panics
    ///
    /// Panics if an output cannot be serialised.
    pub fn answers<A, F: StepFn<A>>(mut self, step: F, outputs: impl IntoIterator<Item = <F::Call as Call>::Ok>) -> Self
    where
        <F::Call as Call>::Ok: Serialize,
    {
        let _ = step;
        self.scripts.queue(F::META.get(), outputs.into_iter().map(|output| Ok(json(&output))).collect());
        self
    }

    /// Scripts a sequence of results, including failures: the step returns one per call, and fails when none are left.
    ///
    /// # Panics
    ///
    /// Panics if an output cannot be serialised.
    pub fn results<A, F: StepFn<A>>(
        mut self,
        step: F,
        results: impl IntoIterator<Item = Result<<F::Call as Call>::Ok>>,
    ) -> Self
    where
        <F::Call as Call>::Ok: Serialize,
    {
        let _ = step;
        let results = results.into_iter().map(|result| result.map(|output| json(&output)));
        self.scripts.queue(F::META.get(), results.collect());
        self
    }

    /// Scripts a sequence of raw JSON outputs, which may violate the contract.
    pub fn answers_json<A, F: StepFn<A>>(mut self, step: F, outputs: impl IntoIterator<Item = Value>) -> Self {
        let _ = step;
        self.scripts.queue(F::META.get(), outputs.into_iter().map(Ok).collect());
        self
    }

    /// Scripts the turns of conversations with a model that has tools: the calls it makes, and its answers. The tools run, or are
    /// scripted like any step.
    ///
    /// # Panics
    ///
    /// Panics if an output cannot be serialised.
    pub fn turns<A, F: StepFn<A>>(
        mut self,
        step: F,
        turns: impl IntoIterator<Item = Turn<<F::Call as Call>::Ok>>,
    ) -> Self
    where
        <F::Call as Call>::Ok: Serialize,
    {
        let _ = step;
        let meta = F::META.get();
        self.scripts.turns(meta, turns.into_iter().map(|turn| turn.of(meta)).collect());
        self
    }

    /// Computes the step's output from its arguments.
    ///
    /// A single argument is passed as it is, several as a tuple; all are owned, and states are left out. The closure must name
    /// the type: `.with(extract, |resume: Resume| …)`.
    pub fn with<A, F, I, O>(mut self, step: F, output: O) -> Self
    where
        F: StepFn<A>,
        I: DeserializeOwned,
        <F::Call as Call>::Ok: Serialize,
        O: Fn(I) -> Result<<F::Call as Call>::Ok> + Send + Sync + 'static,
    {
        let _ = step;
        let meta = F::META.get();
        self.scripts.with(
            meta,
            Arc::new(move |input| {
                let output = output(arguments(meta, input)?)?;
                encode(&output)
            }),
        );
        self
    }

    /// Makes the step wait forever, so that its `timeout` ends it. Without a timeout the run never ends.
    pub fn unanswered<A, F: StepFn<A>>(mut self, step: F) -> Self {
        let _ = step;
        self.scripts.never(F::META.get());
        self
    }

    /// Generates answers from the prompt for model steps without a script. The same prompt and contract give the same answer.
    pub fn generate(mut self) -> Self {
        self.scripts.generate();
        self
    }

    /// Provides a state, see [`Builder::state`].
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.builder = self.builder.state(state);
        self
    }

    /// Adds a provider for model steps without a script, see [`Builder::provider`].
    pub fn provider(mut self, provider: impl Provider) -> Self {
        self.builder = self.builder.provider(provider);
        self
    }

    /// Caps the cost of provider calls, see [`Builder::max_cost`]. Scripted answers cost nothing.
    pub fn max_cost(mut self, cap: Money) -> Self {
        self.builder = self.builder.max_cost(cap);
        self
    }

    /// Sets prices of models, see [`Builder::prices`].
    pub fn prices<N: Into<String>>(mut self, prices: impl IntoIterator<Item = (N, Price)>) -> Self {
        self.builder = self.builder.prices(prices);
        self
    }

    /// Adds an observer, see [`Builder::observe`].
    pub fn observe(mut self, observer: impl Observer) -> Self {
        self.builder = self.builder.observe(observer);
        self
    }

    /// Keeps the records of all runs, see [`Builder::journal`]. Time is tokio's, which a test may pause.
    pub fn journal(mut self, journal: impl Journal) -> Self {
        self.builder = self.builder.journal(journal).clock(tokio_clock);
        self
    }

    /// Runs one workflow to completion.
    ///
    /// # Errors
    ///
    /// Like [`Runtime::run`].
    pub async fn run<T: Send + 'static>(self, workflow: impl Workflow<T>) -> Result<T> {
        self.build()?.0.run(workflow).await
    }

    /// Builds the runtime, to run several workflows or a single step, and returns it with a log of its events.
    ///
    /// # Errors
    ///
    /// Fails if two providers have the same name.
    pub fn build(self) -> Result<(Runtime, Happened)> {
        let (mut shared, registry) = self.builder.observe(self.events.clone()).parts()?;
        shared.scripts = Some(Arc::new(self.scripts));
        let runtime = Runtime::new(shared, registry);
        Ok((runtime, Happened(self.events)))
    }
}

/// The events of a test, in order.
pub struct Happened(Log);

impl Happened {
    /// Returns one line per event.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.0.0).clone()
    }
}

impl std::fmt::Debug for Happened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.lines()).finish()
    }
}

impl std::fmt::Debug for TestRuntime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestRuntime").field("builder", &self.builder).finish_non_exhaustive()
    }
}

/// A clock that starts at the system time and advances with tokio's.
fn tokio_clock() -> Stamp {
    // Shared by all runtimes of a test, so that a wait started in one can end in the next.
    static START: OnceLock<(Stamp, std::time::Instant)> = OnceLock::new();
    let (stamp, instant) = START.get_or_init(|| (Stamp::now(), std::time::Instant::now()));
    stamp.plus(tokio::time::Instant::now().into_std().saturating_duration_since(*instant))
}

/// Converts the arguments to the parameter of a closure: a single value, or a tuple in the order of the step.
fn arguments<I: DeserializeOwned>(meta: &'static Meta, input: Value) -> Result<I> {
    let mut values: Vec<Value> =
        meta.arguments.iter().map(|argument| input.get(argument.name).cloned().unwrap_or_default()).collect();
    let value = if values.len() == 1 { values.remove(0) } else { Value::Array(values) };
    serde_json::from_value(value).map_err(|error| {
        let text =
            format!("the test's closure for step `{}` expects other arguments than the step has: {error}", meta.name);
        Error::new(ErrorKind::Setup, text).with_source(error)
    })
}

#[track_caller]
fn json<T: Serialize>(value: &T) -> Value {
    match encode(value) {
        Ok(value) => value,
        Err(error) => panic!("the scripted output cannot be written as JSON: {error}"),
    }
}
