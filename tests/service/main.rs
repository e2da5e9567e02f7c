//! A service over real sockets, with a provider controlled by the tests.

mod alphabets;
mod bodies;
mod client;
mod deep;
mod describe;
mod events;
mod held;
#[path = "../common/hooked.rs"]
mod hooked;
mod ids;
mod kept;
mod leaving;
mod limits;
mod names;
mod openapi;
mod runs;
mod signals;
mod stopping;
mod stuck;
mod support;
