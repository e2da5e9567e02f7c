//! Configuration of a runtime.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::any::AnyWorkflow;
use super::budget::Budget;
use super::durable::{Held, Keeper, Promises};
use super::models::Models;
use super::runtime::{Registry, Runtime};
use super::schemas::Schemas;
use super::servers::Servers;
use super::shared::Shared;
use crate::call::WorkflowFn;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Observer;
use crate::journal::{Cache, Journal};
#[cfg(feature = "mcp")]
use crate::mcp::ToolServer;
use crate::money::Money;
use crate::provider::{Limits, Model, Price, Provider};
#[cfg(doc)]
use crate::provider::{Offline, provider_from};
use crate::run::Stamp;

/// Configures a [`Runtime`]: providers, states, observers, journal and limits.
///
/// ```
/// use flow_runtime::engine::Runtime;
/// use flow_runtime::money::Money;
///
/// struct Database;
///
/// let runtime = Runtime::builder().offline().state(Database).max_cost(Money::usd("20")).build()?;
/// # Ok::<(), flow_runtime::error::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    models: Models,
    /// The name of a provider that was added twice.
    twice: Option<String>,
    servers: Servers,
    states: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    observers: Vec<Arc<dyn Observer>>,
    max_cost: Option<Money>,
    journal: Option<Arc<dyn Journal>>,
    cache: Option<Arc<dyn Cache>>,
    clock: Clock,
    linger: Option<Duration>,
    known: Vec<AnyWorkflow>,
}

/// See [`Builder::linger`].
const LINGER: Duration = Duration::from_secs(10);

impl Builder {
    /// Adds a provider. It serves the models whose name starts with the provider's name.
    pub fn provider(mut self, provider: impl Provider) -> Self {
        let provider = Arc::new(provider);
        let name = provider.name().to_owned();
        if !self.models.add(provider) {
            self.twice = Some(name);
        }
        self
    }

    /// Makes up the answers of all models from the words of their prompts, as [`Offline`] does, and those of MCP tools from their
    /// arguments. No provider and no server is called.
    pub fn offline(mut self) -> Self {
        self.models.go_offline();
        self
    }

    /// Adds a server, whose tools are called by steps with `mcp = "name/tool"`. A later server of the same name replaces an
    /// earlier one.
    ///
    /// The server is started or connected to when it is first needed, and shared by all runs. Before the first step of a run, the
    /// contracts of its steps are compared with the schemas that the server publishes.
    #[cfg(feature = "mcp")]
    pub fn mcp(mut self, name: impl Into<String>, server: impl ToolServer) -> Self {
        self.servers.add(name.into(), Arc::new(server));
        self
    }

    /// Returns the server of this name.
    #[cfg(feature = "mcp")]
    #[doc(hidden)]
    pub fn mcp_server(&self, name: &str) -> Option<Arc<dyn ToolServer>> {
        self.servers.get(name)
    }

    /// Returns the names of the servers added so far, sorted.
    #[cfg(feature = "mcp")]
    #[doc(hidden)]
    pub fn mcp_servers(&self) -> impl Iterator<Item = &str> {
        self.servers.names().into_iter()
    }

    /// Returns whether all answers are made up.
    pub fn is_offline(&self) -> bool {
        self.models.is_offline()
    }

    /// Replaces the models that [have this name](Model::name), regardless of the environment.
    ///
    /// The replacement inherits `max_output_tokens` and `prompt_cache` unless it sets them itself. Names are compared without
    /// case and punctuation.
    ///
    /// ```
    /// use flow_runtime::engine::Runtime;
    /// use flow_runtime::provider::Model;
    ///
    /// let builder = Runtime::builder().model("fast", Model::new("anthropic/claude-haiku-4-5"));
    /// let declared = Model::new("openai/gpt-5-mini").name("fast").max_output_tokens(600);
    /// let asked = builder.model_for(&declared).unwrap();
    /// assert_eq!((asked.id(), asked.get_max_output_tokens()), ("anthropic/claude-haiku-4-5", Some(600)));
    /// ```
    pub fn model(mut self, name: &str, model: Model) -> Self {
        self.models.replace(name, model);
        self
    }

    /// Sets prices of models, by full name.
    ///
    /// Takes precedence over [`Model::price`] and the [table](crate::provider::KNOWN). A later price of a model replaces an
    /// earlier one.
    ///
    /// ```
    /// use flow_runtime::engine::Runtime;
    /// use flow_runtime::provider::{Model, Price};
    ///
    /// let builder = Runtime::builder().prices([("acme/large", Price::per_million("1", "4"))]);
    /// assert_eq!(builder.price_for(&Model::new("acme/large")), Some(Price::per_million("1", "4")));
    /// assert_eq!(builder.price_for(&Model::new("acme/small")), None);
    /// ```
    pub fn prices<N: Into<String>>(mut self, prices: impl IntoIterator<Item = (N, Price)>) -> Self {
        prices.into_iter().for_each(|(model, price)| self.models.set_price(model.into(), price));
        self
    }

    /// Returns the price of a model's tokens, or `None` if it is unknown.
    pub fn price_for(&self, model: &Model) -> Option<Price> {
        self.models.price(model)
    }

    /// Caps the cost of all model calls of the runtime together, until it is dropped.
    ///
    /// Each call reserves its worst case before it starts, and is charged what it used. A call that does not fit, or whose worst
    /// case is unknown, is not made and fails with [`ErrorKind::Budget`]. `max_cost` on a workflow does the same for each
    /// execution.
    ///
    /// A call that fails or is cancelled before its tokens are reported costs nothing against the cap, and the cap depends on
    /// correct [prices](Self::prices).
    pub fn max_cost(mut self, cap: Money) -> Self {
        self.max_cost = Some(cap);
        self
    }

    /// Returns the cap set by [`max_cost`](Self::max_cost).
    pub fn get_max_cost(&self) -> Option<Money> {
        self.max_cost
    }

    /// Limits the requests to a provider, across all runs.
    ///
    /// If the provider has its own limits, the stricter ones apply. A later call for the same name replaces an earlier one.
    ///
    /// ```
    /// use flow_runtime::engine::Runtime;
    /// use flow_runtime::provider::Limits;
    ///
    /// let builder = Runtime::builder().environment().limits("openai", Limits::new().requests_per_minute(500));
    /// ```
    pub fn limits(mut self, provider: &str, limits: Limits) -> Self {
        self.models.limit(provider, limits);
        self
    }

    /// Reads the environment of the process: for providers that were not added, see [`provider_from`], and for `FLOW_MODEL_NAME`,
    /// which replaces the models [named](Model::name) `name`.
    pub fn environment(self) -> Self {
        self.variables(|name| std::env::var(name).ok())
    }

    /// Like [`environment`](Self::environment), but reads the variables through a function.
    pub fn variables(mut self, variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.models.read(Arc::new(variable));
        self
    }

    /// Returns the model that a run will ask instead of `model`, or `model` itself if it is not replaced.
    ///
    /// # Errors
    ///
    /// Fails if the environment replaces it with an invalid model name.
    pub fn model_for(&self, model: &Model) -> Result<Model> {
        self.models.resolve(model).map_err(|text| Error::new(ErrorKind::Setup, text))
    }

    /// Returns the provider that will serve a model.
    ///
    /// # Errors
    ///
    /// Fails if no provider serves the model. If the environment is read, the error names the missing variables.
    pub fn provider_for(&self, model: &Model) -> Result<Arc<dyn Provider>> {
        self.models.provider(model).map_err(|lack| {
            let name = model.provider();
            let text = lack.map_or_else(|| format!("no provider is named `{name}`"), |lack| lack.to_string());
            Error::new(ErrorKind::Setup, text)
        })
    }

    /// Returns the names of the providers added so far, sorted.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.models.names().into_iter()
    }

    /// Provides the value for `#[state]` arguments of this type. A later value of the same type replaces an earlier one.
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.states.insert(TypeId::of::<T>(), Arc::new(state));
        self
    }

    /// Keeps the records of all runs, so that runs survive the process and can wait for people and outside systems.
    ///
    /// ```
    /// use flow_runtime::engine::Runtime;
    /// use flow_runtime::journal::Memory;
    ///
    /// let runtime = Runtime::builder().journal(Memory::new()).build()?;
    /// # Ok::<(), flow_runtime::error::Error>(())
    /// ```
    pub fn journal(mut self, journal: impl Journal) -> Self {
        self.journal = Some(Arc::new(journal));
        self
    }

    /// Like [`journal`](Self::journal), with a shared journal.
    pub fn journal_arc(mut self, journal: Arc<dyn Journal>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Keeps the answers of steps with `cache` here instead of in the journal. A runtime without a journal, which
    /// [attends](Runtime::attend) to runs on logs of their own, reuses answers only with this.
    pub fn cache(mut self, cache: impl Cache) -> Self {
        self.cache = Some(Arc::new(cache));
        self
    }

    /// Returns whether a journal was set.
    pub fn has_journal(&self) -> bool {
        self.journal.is_some()
    }

    /// Registers a workflow, so that its runs can be resumed. Workflows that the runtime has run are registered automatically.
    pub fn workflow<A, T: Send + 'static, F: WorkflowFn<A, T>>(self, workflow: F) -> Self {
        self.any_workflow(AnyWorkflow::of(workflow))
    }

    /// Like [`workflow`](Self::workflow), for a type-erased workflow.
    pub fn any_workflow(mut self, workflow: AnyWorkflow) -> Self {
        self.known.push(workflow);
        self
    }

    /// Sets the clock for deadlines, waits and sleeps. The default is the system clock.
    pub fn clock(mut self, now: impl Fn() -> Stamp + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// Sets how long a run with a journal may wait for a point in time and stay in memory. The default is 10 seconds.
    ///
    /// A run leaves memory when everything in it waits longer than that: for people, outside systems, sleeps and
    /// retries. The journal records when it continues, in this process or another. Retries after shorter delays are not
    /// recorded; if the process ends in between, they start over with the full delay.
    ///
    /// ```
    /// use std::time::Duration;
    /// use flow_runtime::engine::Runtime;
    ///
    /// let builder = Runtime::builder().linger(Duration::from_secs(60));
    /// ```
    pub fn linger(mut self, time: Duration) -> Self {
        self.linger = Some(time);
        self
    }

    /// Adds an observer for all runs.
    pub fn observe(mut self, observer: impl Observer) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Builds the runtime.
    ///
    /// # Errors
    ///
    /// Fails if two providers have the same name.
    pub fn build(self) -> Result<Runtime> {
        self.parts().map(|(shared, registry)| Runtime::new(shared, registry))
    }

    /// Builds the state shared by all runs of the runtime, and the workflows that it knows.
    pub(super) fn parts(self) -> Result<(Shared, Registry)> {
        if let Some(name) = self.twice {
            let text = format!("two providers are named `{name}`; give one of them another name");
            return Err(Error::new(ErrorKind::Setup, text));
        }
        let budget = self.max_cost.map(|cap| Budget::new(format!("`Builder::max_cost` of {cap}"), cap));
        let (models, states, observers) = (self.models, self.states, self.observers);
        let clock = self.clock;
        let (registry, promises) = (Registry::default(), Arc::new(Promises::new(models.is_offline())));
        self.known.iter().for_each(|workflow| workflow.teach(&registry));
        let cache = self.cache.or_else(|| self.journal.clone().map(|journal| journal as Arc<dyn Cache>));
        let linger = self.linger.unwrap_or(LINGER);
        let keeper = self.journal.map(|journal| Keeper::new(journal, clock.clone(), linger, promises.clone()));
        let held = Held::default();
        self.known.iter().for_each(|workflow| held.learn(workflow.meta()));
        let (checked, checked_last, capped, any_capped, scripts) = Default::default();
        let shared = Shared {
            models,
            servers: self.servers,
            states,
            observers,
            scripts,
            budget,
            checked,
            checked_last,
            capped,
            any_capped,
            keeper,
            promises,
            cache,
            held,
            clock,
            linger,
            schemas: Schemas::default(),
        };
        Ok((shared, registry))
    }
}

impl Runtime {
    /// Starts configuring a runtime.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("models", &self.models).finish_non_exhaustive()
    }
}
