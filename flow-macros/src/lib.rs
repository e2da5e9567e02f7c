//! The procedural macros of `flow`.
#![allow(missing_docs, reason = "documented, with tested examples, where `flow` re-exports them")]

mod bare;
mod check;
mod contract;
mod errors;
mod expand;
mod gate;
mod lock;
mod model;
mod page;
mod parse;
mod secret;
#[cfg(test)]
mod snapshots;
mod step;
mod template;
mod text;
mod workflow;

use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn step(options: TokenStream, item: TokenStream) -> TokenStream {
    step::step(options.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn gate(options: TokenStream, item: TokenStream) -> TokenStream {
    gate::gate(options.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn contract(args: TokenStream, item: TokenStream) -> TokenStream {
    contract::attribute(args.into(), item.into()).into()
}

#[proc_macro_derive(Contract, attributes(contract))]
pub fn derive_contract(item: TokenStream) -> TokenStream {
    contract::derive(item.into()).into()
}

#[proc_macro_attribute]
pub fn workflow(options: TokenStream, item: TokenStream) -> TokenStream {
    workflow::workflow(options.into(), item.into()).into()
}
