//! The published schema of a contract.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Direction;

/// The published JSON Schema (2020-12) of a type: descriptions from the documentation, properties in the order written.
///
/// ```
/// use flow_runtime::contract::{Direction, schema};
///
/// assert_eq!(schema::<Vec<bool>>(Direction::Read)["items"]["type"], "boolean");
/// ```
pub fn schema<T: JsonSchema + ?Sized>(direction: Direction) -> Value {
    let settings = SchemaSettings::draft2020_12();
    let settings = match direction {
        Direction::Write => settings.for_serialize(),
        Direction::Read => settings.for_deserialize(),
    };
    settings.into_generator().into_root_schema_for::<T>().to_value()
}
