//! LLM workflows whose steps, contracts and graph are checked while they compile.

pub use flow_macros::{Contract, contract};
pub use flow_runtime::contract::Contract;
pub use flow_runtime::{contract as contracts, prompt, provider};
pub use {schemars, serde, serde_json, tokio};

/// What a workflow's file imports.
pub mod prelude {
    pub use crate::{Contract, contract};
}

/// What generated code stands on. Not a promise.
#[doc(hidden)]
pub mod __private {
    pub use flow_macros::Contract;
    pub use flow_runtime::private::*;
}
