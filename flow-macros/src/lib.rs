//! The attributes of `flow`. They are documented, with tested examples, in the crate `flow`.

mod check;
mod errors;
mod expand;
mod gate;
mod model;
mod near;
mod parse;
mod step;
mod template;

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
