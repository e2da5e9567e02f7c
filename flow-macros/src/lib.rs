//! The attributes of `flow`. Depend on `flow`, which re-exports and documents them.

use proc_macro::TokenStream;

mod contract;
mod errors;

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
