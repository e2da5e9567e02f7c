//! Runtimes for tests: steps answer what the test says.

use std::sync::{Arc, Mutex, OnceLock};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::script::Scripts;
use super::{Builder, Runtime, lock};
use crate::call::{Call, StepFn, Workflow};
use crate::contract::encode;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Observer};
use crate::graph::Meta;
use crate::journal::Journal;
use crate::money::Money;
use crate::provider::{Price, Provider};
use crate::run::Stamp;

/// A [`Runtime`] whose model, human and signal steps say what the test told them, and whose code steps do too where told.
///
/// Scripted answers are checked like a model's: contract, gates and repairs apply. A model step that was told nothing fails by
/// name. Before a workflow's first step, the contracts of all its steps are compared with their published schemas.
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

impl TestRuntime {
    /// The step gives this output each time it is asked.
    ///
    /// # Panics
    ///
    /// When the output cannot be written as JSON.
    pub fn answer<A, F: StepFn<A>>(mut self, step: F, output: <F::Call as Call>::Ok) -> Self
    where
        <F::Call as Call>::Ok: Serialize,
    {
        let _ = step;
        self.scripts.always(F::META.get(), json(&output));
        self
    }

    /// The step gives these outputs, one each time it is asked, and fails when they are used up.
    ///
    /// # Panics
    ///
    /// When an output cannot be written as JSON.
    pub fn answers<A, F: StepFn<A>>(mut self, step: F, outputs: impl IntoIterator<Item = <F::Call as Call>::Ok>) -> Self
    where
        <F::Call as Call>::Ok: Serialize,
    {
        let _ = step;
        self.scripts.queue(F::META.get(), outputs.into_iter().map(|output| Ok(json(&output))).collect());
        self
    }

    /// The step gives these results, failures among them, one each time it is asked, and fails when they are used up.
    ///
    /// # Panics
    ///
    /// When an output cannot be written as JSON.
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

    /// The step gives this JSON, whatever its contract says of it: for answers that no typed value can be.
    pub fn answers_json<A, F: StepFn<A>>(mut self, step: F, outputs: impl IntoIterator<Item = Value>) -> Self {
        let _ = step;
        self.scripts.queue(F::META.get(), outputs.into_iter().map(Ok).collect());
        self
    }

    /// The step gives what `output` makes of its arguments: the argument itself where there is one, a tuple where there are more,
    /// owned and without states. The closure names their type: `.with(extract, |resume: Resume| …)`.
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

    /// The step is asked and never answers, so that its `timeout` ends it. Without one the run waits for ever.
    pub fn unanswered<A, F: StepFn<A>>(mut self, step: F) -> Self {
        let _ = step;
        self.scripts.never(F::META.get());
        self
    }

    /// Model steps that were told nothing are answered from their prompt: the same prompt and contract give the same answer.
    pub fn generate(mut self) -> Self {
        self.scripts.generate();
        self
    }

    /// Gives a state, as [`Builder::state`] does.
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.builder = self.builder.state(state);
        self
    }

    /// Lets a provider answer the model steps that were told nothing, as [`Builder::provider`] does.
    pub fn provider(mut self, provider: impl Provider) -> Self {
        self.builder = self.builder.provider(provider);
        self
    }

    /// Caps what the model calls of providers may cost, as [`Builder::max_cost`] does. Scripted answers cost nothing.
    pub fn max_cost(mut self, cap: Money) -> Self {
        self.builder = self.builder.max_cost(cap);
        self
    }

    /// Says what models cost, as [`Builder::prices`] does.
    pub fn prices<N: Into<String>>(mut self, prices: impl IntoIterator<Item = (N, Price)>) -> Self {
        self.builder = self.builder.prices(prices);
        self
    }

    /// Lets somebody watch, as [`Builder::observe`] does.
    pub fn observe(mut self, observer: impl Observer) -> Self {
        self.builder = self.builder.observe(observer);
        self
    }

    /// Keeps the records of all runs, as [`Builder::journal`] does; time is tokio's, which a test may have paused.
    pub fn journal(mut self, journal: impl Journal) -> Self {
        self.builder = self.builder.journal(journal).clock(tokio_clock);
        self
    }

    /// Runs a workflow to its end and forgets the script.
    ///
    /// # Errors
    ///
    /// As [`Runtime::run`].
    pub async fn run<T: Send + 'static>(self, workflow: impl Workflow<T>) -> Result<T> {
        self.build()?.0.run(workflow).await
    }

    /// The runtime, to run several workflows or one step, and what happened in it so far as lines of text.
    ///
    /// # Errors
    ///
    /// Two providers of one name.
    pub fn build(self) -> Result<(Runtime, Happened)> {
        let mut shared = self.builder.observe(self.events.clone()).shared()?;
        shared.scripts = Some(Arc::new(self.scripts));
        let runtime = Runtime::new(shared);
        Ok((runtime, Happened(self.events)))
    }
}

/// The events of a test, in order.
pub struct Happened(Log);

impl Happened {
    /// One line an event.
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

/// A clock that starts at the machine's time and goes as tokio's does.
fn tokio_clock() -> Stamp {
    // One start for all runtimes of a test, so that what one waits for ends in the next.
    static START: OnceLock<(Stamp, std::time::Instant)> = OnceLock::new();
    let (stamp, instant) = START.get_or_init(|| (Stamp::now(), std::time::Instant::now()));
    stamp.plus(tokio::time::Instant::now().into_std().saturating_duration_since(*instant))
}

/// The arguments as a closure takes them: alone, or as a tuple in the order of the step.
fn arguments<I: DeserializeOwned>(meta: &'static Meta, input: Value) -> Result<I> {
    let mut values: Vec<Value> =
        meta.arguments.iter().map(|argument| input.get(argument.name).cloned().unwrap_or_default()).collect();
    let value = if values.len() == 1 { values.remove(0) } else { Value::Array(values) };
    serde_json::from_value(value).map_err(|error| {
        let text = format!("the test answers step `{}` from other arguments than it has: {error}", meta.name);
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
