//! What the runs of a runtime share.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::budget::Budget;
use super::durable::{Held, Keeper, Promises};
use super::models::Models;
use super::schemas::Schemas;
use super::script::Scripts;
use super::servers::Servers;
use crate::clock::Clock;
use crate::event::Observer;
use crate::journal::Cache;
use crate::money::Money;

/// The state shared by all runs of a runtime.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) models: Models,
    /// The servers whose tools steps call.
    pub(super) servers: Servers,
    pub(super) states: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    pub(super) observers: Vec<Arc<dyn Observer>>,
    /// The schemas that models are sent.
    pub(super) schemas: Schemas,
    pub(super) scripts: Option<Arc<Scripts>>,
    /// Budget shared by all runs.
    pub(super) budget: Option<Arc<Budget<Money>>>,
    /// Workflows whose requirements were checked, by the address of their description.
    pub(super) checked: Mutex<HashSet<usize>>,
    /// The last of them, so that running the same workflow repeatedly takes no lock.
    pub(super) checked_last: AtomicUsize,
    /// Those that have a cap on money or tokens, or call a workflow that has one.
    pub(super) capped: Mutex<HashSet<usize>>,
    pub(super) any_capped: AtomicBool,
    /// The journal and its runs.
    pub(super) keeper: Option<Arc<Keeper>>,
    pub(super) promises: Arc<Promises>,
    /// The cache for outputs of steps across runs.
    pub(super) cache: Option<Arc<dyn Cache>>,
    /// Steps that wait in runs without a journal.
    pub(super) held: Held,
    pub(super) clock: Clock,
    pub(super) linger: Duration,
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.retire();
        }
    }
}
