//! The promises of a workflow, and what happens to them when the code changes.

mod evolution;
mod places;
mod properties;
#[path = "../contracts/random.rs"]
mod random;
#[path = "../contracts/reader.rs"]
mod reader;
mod released;
#[path = "../contracts/shapes.rs"]
mod shapes;
#[path = "../contracts/typed.rs"]
mod typed;
#[path = "../contracts/values.rs"]
mod values;
