//! The attributes of `flow`. They are documented, with tested examples, in the crate `flow`.

mod check;
mod contract;
mod errors;
mod expand;
mod gate;
mod model;
mod near;
mod parse;
#[cfg(test)]
mod snapshots;
mod step;
mod template;
mod text;
mod workflow;

use proc_macro::TokenStream;

/// Makes an async function a step.
#[proc_macro_attribute]
pub fn step(options: TokenStream, item: TokenStream) -> TokenStream {
    step::step(options.into(), item.into()).into()
}

/// Makes a function a gate.
#[proc_macro_attribute]
pub fn gate(options: TokenStream, item: TokenStream) -> TokenStream {
    gate::gate(options.into(), item.into()).into()
}

/// Makes a struct or enum a contract: it derives serde's `Serialize` and `Deserialize`, schemars' `JsonSchema`, and `Contract`.
///
/// A field whose JSON cannot be seen in its type (`#[serde(with = …)]`) says what it is:
///
/// | option | meaning |
/// |---|---|
/// | `#[contract(as = Type)]` | the field has the same JSON as `Type` |
/// | `#[contract(opaque = "name")]` | only fields of the same name fit; any JSON is published |
#[proc_macro_attribute]
pub fn contract(args: TokenStream, item: TokenStream) -> TokenStream {
    contract::attribute(args.into(), item.into()).into()
}

/// Reads a type's JSON shape from its serde attributes, beside derives of serde and schemars that stand there already.
#[proc_macro_derive(Contract, attributes(contract))]
pub fn derive_contract(item: TokenStream) -> TokenStream {
    contract::derive(item.into()).into()
}

/// Makes an async function a workflow.
#[proc_macro_attribute]
pub fn workflow(options: TokenStream, item: TokenStream) -> TokenStream {
    workflow::workflow(options.into(), item.into()).into()
}
