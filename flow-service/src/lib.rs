//! A workflow as an HTTP service: start runs, wait for them or ask later, read their records, and an OpenAPI document made from
//! the contracts. [`Service`] tells all of it.

mod address;
mod api;
mod openapi;
mod problem;
mod runs;
mod server;
mod service;

pub use address::loopback;
pub use server::{Server, Stopped};
pub use service::Service;
