//! Selects the provider of each model: providers added in code take precedence over those from the environment, if it
//! is read.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use super::mutex::lock;
use crate::graph::{Kind, Meta};
use crate::provider::environment::{replacement_from, spelled};
use crate::provider::{FromEnvError, Limits, Model, Offline, Price, Provider, price_of, provider_from};

type Variables = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Providers and replacements.
#[derive(Clone, Default)]
pub(super) struct Models {
    providers: HashMap<String, Arc<dyn Provider>>,
    /// Keyed by the spelling in environment variables, so that code and environment agree on names.
    replacements: HashMap<String, Model>,
    /// By the full name of the model.
    prices: HashMap<String, Price>,
    /// By the name of the provider.
    limits: HashMap<String, Limits>,
    variables: Option<Variables>,
    /// Providers created from the environment or wrapped in limits so far. Each is shared by all runs, with its
    /// connections and limits.
    found: Arc<Mutex<HashMap<String, Arc<dyn Provider>>>>,
    /// If set, answers for every model, regardless of other providers.
    offline: Option<Arc<dyn Provider>>,
}

impl Models {
    /// Adds a provider; returns `false` if there already was one with its name.
    pub(super) fn add(&mut self, provider: Arc<dyn Provider>) -> bool {
        self.providers.insert(provider.name().to_owned(), provider).is_none()
    }

    pub(super) fn replace(&mut self, name: &str, model: Model) {
        self.replacements.insert(spelled(name), model);
    }

    pub(super) fn set_price(&mut self, model: String, price: Price) {
        self.prices.insert(model, price);
    }

    pub(super) fn limit(&mut self, provider: &str, limits: Limits) {
        self.limits.insert(provider.to_owned(), limits);
        // A provider found under other limits is not reused.
        self.found = Arc::default();
    }

    pub(super) fn is_offline(&self) -> bool {
        self.offline.is_some()
    }

    /// Returns whether answers are made up in runs of `meta`.
    pub(super) fn makes_up(&self, meta: &'static Meta) -> bool {
        self.is_offline() && asks_others(meta)
    }

    /// Returns the price of a model's tokens, if known. Prices set on the runtime take precedence over those set on the
    /// model, and these over the table. Made-up answers are free.
    pub(super) fn price(&self, model: &Model) -> Option<Price> {
        if self.is_offline() {
            return Some(Price::FREE);
        }
        self.prices.get(model.id()).copied().or_else(|| price_of(model))
    }

    pub(super) fn read(&mut self, variables: Variables) {
        self.variables = Some(variables);
    }

    pub(super) fn go_offline(&mut self) {
        self.offline = Some(Arc::new(Offline::new()));
    }

    /// Returns the names of the providers added in code, sorted.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.providers.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Returns the model to ask instead of `model`: its replacement, if there is one for its name.
    pub(super) fn resolve(&self, model: &Model) -> Result<Model, String> {
        let Some(name) = model.get_name() else { return Ok(*model) };
        let given = self.replacements.get(&spelled(name)).copied();
        let named = match (given, &self.variables) {
            (None, Some(variables)) => replacement_from(name, &**variables)?,
            (given, _) => given,
        };
        Ok(named.map_or(*model, |named| named.in_place_of(model)))
    }

    /// Returns the provider of a model. The error says what the environment lacks, if it was read.
    pub(super) fn provider(&self, model: &Model) -> Result<Arc<dyn Provider>, Option<FromEnvError>> {
        let name = model.provider();
        if let Some(offline) = &self.offline {
            return Ok(offline.clone());
        }
        let limits = self.limits.get(name).copied();
        if let (Some(given), None) = (self.providers.get(name), limits) {
            return Ok(given.clone());
        }
        let mut found = lock(&self.found);
        if let Some(provider) = found.get(name) {
            return Ok(provider.clone());
        }
        let provider = match (self.providers.get(name), &self.variables) {
            (Some(given), _) => given.clone(),
            (None, Some(variables)) => provider_from(name, &**variables)?,
            (None, None) => return Err(None),
        };
        let provider = match limits {
            Some(limits) => Arc::new(provider.limits(limits)),
            None => provider,
        };
        found.insert(name.to_owned(), provider.clone());
        Ok(provider)
    }
}

/// Returns whether runs of `meta` may ask a model or call a tool of a server, whose answers are made up offline.
pub(super) fn asks_others(meta: &'static Meta) -> bool {
    let calls = |part: &'static Meta| part.graph.into_iter().flat_map(|graph| graph.nodes);
    let asks = |part: &'static Meta| !part.policy.models.is_empty() || part.kind == Kind::Mcp;
    meta.reachable().into_iter().any(|part| asks(part) || calls(part).any(|node| node.model.is_some()))
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Models")
            .field("providers", &self.names())
            .field("replacements", &self.replacements)
            .finish_non_exhaustive()
    }
}
