//! Serves workflows over HTTP: start runs, wait for them or poll, read their records, and get an OpenAPI document generated from
//! the contracts. See [`Service`].

mod address;
mod api;
mod limits;
mod openapi;
mod problem;
mod runs;
mod server;
mod service;

pub use address::loopback;
pub use server::{Server, Stopped};
pub use service::Service;
