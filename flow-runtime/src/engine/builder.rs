//! What a runtime is told before it runs anything.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{Runtime, Shared};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Observer;
use crate::provider::{Offline, Provider};

/// Collects providers, states and observers for a [`Runtime`].
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    providers: Vec<Arc<dyn Provider>>,
    states: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    observers: Vec<Arc<dyn Observer>>,
    offline: bool,
}

impl Builder {
    /// Answers the models whose name starts with this provider's name.
    pub fn provider(mut self, provider: impl Provider) -> Self {
        self.providers.push(Arc::new(provider));
        self
    }

    /// Answers every model from the words of its prompt, as [`Offline`] does; no provider is asked.
    pub fn offline(mut self) -> Self {
        self.offline = true;
        self
    }

    /// The names of the providers given so far.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.providers.iter().map(|provider| provider.name())
    }

    /// Gives steps and workflows a value for their `#[state]` arguments of this type; a later one replaces an earlier one.
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.states.insert(TypeId::of::<T>(), Arc::new(state));
        self
    }

    /// Lets somebody watch every run.
    pub fn observe(mut self, observer: impl Observer) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// The runtime.
    ///
    /// # Errors
    ///
    /// Two providers of one name.
    pub fn build(self) -> Result<Runtime> {
        self.shared().map(Runtime::new)
    }

    /// What all runs of the runtime will share.
    pub(super) fn shared(self) -> Result<Shared> {
        let mut providers = HashMap::new();
        for provider in self.providers {
            let name = provider.name().to_owned();
            if providers.insert(name.clone(), provider).is_some() {
                let text = format!("two providers are named `{name}`; give one of them another name");
                return Err(Error::new(ErrorKind::Setup, text));
            }
        }
        let offline = self.offline.then(|| Arc::new(Offline::new()) as Arc<dyn Provider>);
        Ok(Shared { providers, offline, states: self.states, observers: self.observers, ..Shared::default() })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let providers: Vec<_> = self.providers().collect();
        f.debug_struct("Builder").field("providers", &providers).finish_non_exhaustive()
    }
}
