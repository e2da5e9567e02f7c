//! The published schema of a contract.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::Value;

use super::{Definitions, Direction, prose};

/// Returns the published JSON Schema (2020-12) of a type: descriptions from doc comments without their Rust examples, properties in
/// source order.
///
/// ```
/// use flow_runtime::contract::{Direction, schema};
///
/// assert_eq!(schema::<Vec<bool>>(Direction::Read)["items"]["type"], "boolean");
/// ```
pub fn schema<T: JsonSchema + ?Sized>(direction: Direction) -> Value {
    let settings = SchemaSettings::draft2020_12();
    let settings = settings.with_transform(RecursiveTransform(prose::describe));
    let settings = match direction {
        Direction::Write => settings.for_serialize(),
        Direction::Read => settings.for_deserialize(),
    };
    plainly_named(settings.into_generator().into_root_schema_for::<T>().to_value())
}

/// Renames definitions so that references to them need no escaping; not every reader of schemas can undo it.
fn plainly_named(mut schema: Value) -> Value {
    let is_plain = |name: &String| Definitions::plain(name) == *name;
    if schema["$defs"].as_object().is_none_or(|definitions| definitions.keys().all(is_plain)) {
        return schema;
    }
    let dialect = schema["$schema"].take();
    let mut definitions = Definitions::under("#/$defs/");
    definitions.lift("", "#", &mut schema);
    schema["$schema"] = dialect;
    schema["$defs"] = definitions.into_map().into();
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only the schema is looked at")]
    struct Baum {
        grün: Ast,
        äste: Vec<Ast>,
        nächster: Option<Box<Baum>>,
        größe: Größe,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only the schema is looked at")]
    struct Ast {
        größe: Größe,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only the schema is looked at")]
    struct Größe(u32);

    /// A plan.
    ///
    /// # Examples
    ///
    /// ```
    /// let plan = Plan::default();
    /// ```
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only the schema is looked at")]
    struct Plan {
        /// How it begins.
        ///
        /// ```ignore
        /// plan.first
        /// ```
        first: Step,
        /// In a field of this name:
        ///
        /// ```json
        /// ["a"]
        /// ```
        description: Vec<String>,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only the schema is looked at")]
    enum Step {
        /// ```
        /// let step = Step::Wait;
        /// ```
        Wait,
        /// Go on.
        ///
        /// ```rust,no_run
        /// let step = Step::Go;
        /// ```
        Go,
    }

    #[test]
    fn descriptions_hold_no_rust_examples() {
        let schema = schema::<Plan>(Direction::Read);
        assert_eq!(schema["description"], "A plan.");
        assert_eq!(schema["properties"]["first"]["description"], "How it begins.");
        let kept = "In a field of this name:\n\n```json\n[\"a\"]\n```";
        assert_eq!(schema["properties"]["description"]["description"], kept);
        let variants = schema["$defs"]["Step"]["oneOf"].as_array().unwrap();
        let told: Vec<_> = variants.iter().map(|variant| variant["description"].as_str()).collect();
        assert_eq!(told, [None, Some("Go on.")]);
    }

    #[test]
    fn definitions_have_names_that_references_need_not_escape() {
        let schema = schema::<Baum>(Direction::Read);
        let names: Vec<_> = schema["$defs"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["Ast", "Gruf6udfe"]);
        assert_eq!(schema["properties"]["größe"]["$ref"], "#/$defs/Gruf6udfe");
        assert_eq!(schema["$defs"]["Ast"]["properties"]["größe"]["$ref"], "#/$defs/Gruf6udfe");
        assert_eq!(schema["properties"]["nächster"]["anyOf"][0]["$ref"], "#");
        assert!(schema["$schema"].is_string());
    }
}
