//! The configuration file as data.

use std::path::PathBuf;

use flow_runtime::money::Money;
use flow_runtime::provider::{Limits, Price};

/// Contents of `flow.toml`, which never contain secrets.
#[derive(Debug, Default, PartialEq)]
pub(super) struct File {
    /// Maximum number of concurrent runs of `run --each`.
    pub(super) concurrency: Option<usize>,
    pub(super) journal: Option<PathBuf>,
    pub(super) max_cost: Option<Money>,
    /// Replacement models by the name of the model they replace.
    pub(super) models: Vec<(String, String)>,
    pub(super) providers: Vec<Served>,
    /// Prices by full model name, `provider/name`.
    pub(super) prices: Vec<(String, Price)>,
}

/// Address, capabilities and limits of a provider.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Served {
    pub(super) name: String,
    pub(super) base_url: Option<String>,
    /// Name of its schema support.
    pub(super) schema: Option<String>,
    /// Supported effort levels, in the format of the `FLOW_…_EFFORT` variable.
    pub(super) effort: Option<String>,
    pub(super) limits: Option<Limits>,
}
