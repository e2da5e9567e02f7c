//! What a workflow has promised, and what becomes of it when the code changes.

mod evolution;
mod places;
mod properties;
mod released;
#[path = "../contracts/random.rs"]
mod random;
#[path = "../contracts/shapes.rs"]
mod shapes;
#[path = "../contracts/values.rs"]
mod values;
