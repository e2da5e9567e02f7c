//! The definitions of several schemas in one place, so that the schemas can stand in one document.

use serde_json::{Map, Value};

/// Definitions that schemas of one document share.
///
/// ```
/// use flow_runtime::contract::Definitions;
/// use serde_json::json;
///
/// let mut definitions = Definitions::under("#/components/schemas/");
/// let mut schema = json!({ "$ref": "#/$defs/Note", "$defs": { "Note": { "type": "string" } } });
/// definitions.lift("digest", "#/components/schemas/digest", &mut schema);
/// assert_eq!(schema, json!({ "$ref": "#/components/schemas/Note" }));
/// assert_eq!(definitions.into_map()["Note"], json!({ "type": "string" }));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    root: String,
    all: Map<String, Value>,
}

/// How the references of one schema change.
struct Move<'a> {
    root: &'a str,
    prefix: &'a str,
    home: &'a str,
}

impl Definitions {
    /// None yet; references will begin with `root`, such as `#/$defs/`.
    pub fn under(root: &str) -> Self {
        Self { root: root.to_owned(), all: Map::new() }
    }

    /// Adds a definition as it is, in the place of one of the same name.
    pub fn add(&mut self, name: &str, definition: Value) {
        self.all.insert(name.to_owned(), definition);
    }

    /// Moves the definitions of a root schema here, and lets its references follow. The schema itself will stand at `home`, to
    /// which it may refer. A definition that differs from one of the same name is kept apart, as `owner_Name`; whatever a name
    /// has beside ASCII letters, digits and `.-_` becomes `_`.
    pub fn lift(&mut self, owner: &str, home: &str, schema: &mut Value) {
        let Some(object) = schema.as_object_mut() else { return };
        object.remove("$schema");
        let Value::Object(own) = object.remove("$defs").unwrap_or_default() else {
            return self.follow("", home, schema);
        };
        let moved = self.moved("", home, &own);
        // Two types of one name may be different types.
        let apart = moved.iter().any(|(name, definition)| self.all.get(name).is_some_and(|other| other != definition));
        let prefix = if apart { format!("{owner}_") } else { String::new() };
        self.follow(&prefix, home, schema);
        let moved = if apart { self.moved(&prefix, home, &own) } else { moved };
        self.all.extend(moved);
    }

    /// The definitions by name.
    pub fn into_map(self) -> Map<String, Value> {
        self.all
    }

    fn follow(&self, prefix: &str, home: &str, schema: &mut Value) {
        Move { root: &self.root, prefix, home }.retarget(schema);
    }

    fn moved(&self, prefix: &str, home: &str, own: &Map<String, Value>) -> Map<String, Value> {
        let moved = own.iter().map(|(name, definition)| {
            let mut definition = definition.clone();
            self.follow(prefix, home, &mut definition);
            (format!("{prefix}{}", plain(name)), definition)
        });
        moved.collect()
    }
}

impl Move<'_> {
    fn retarget(&self, schema: &mut Value) {
        match schema {
            Value::Array(items) => items.iter_mut().for_each(|item| self.retarget(item)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(target) if name == "$ref" => *target = self.target(target),
                        _ => self.retarget(value),
                    }
                }
            }
            _ => {}
        }
    }

    fn target(&self, target: &str) -> String {
        match target.strip_prefix("#/$defs/") {
            Some(name) => format!("{}{}{}", self.root, self.prefix, plain(&unescaped(name))),
            // The whole schema refers to itself.
            None => format!("{}{}", self.home, target.trim_start_matches('#')),
        }
    }
}

/// A name that stands in a reference as it is, and that OpenAPI takes for a component.
fn plain(name: &str) -> String {
    let letter = |byte: u8| if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) { byte.into() } else { '_' };
    name.bytes().map(letter).collect()
}

/// A name in a reference with `_` for each byte that is escaped there: `~0`, `~1` or `%` and two digits.
fn unescaped(name: &str) -> String {
    let name = name.replace("~0", "_").replace("~1", "_");
    let mut parts = name.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "_" + part.get(2..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lifted(schemas: [(&str, Value); 2]) -> (Vec<Value>, Value) {
        let mut all = Definitions::under("#/$defs/");
        let schemas = schemas.map(|(name, mut schema)| {
            all.lift(name, &format!("#/properties/{name}"), &mut schema);
            schema
        });
        (schemas.into(), all.into_map().into())
    }

    #[test]
    fn definitions_are_shared_where_they_are_the_same() {
        let schema = json!({ "$ref": "#/$defs/Item", "$defs": { "Item": { "type": "string" } } });
        let (schemas, all) = lifted([("a", schema.clone()), ("b", schema)]);
        assert_eq!(schemas, [json!({ "$ref": "#/$defs/Item" }), json!({ "$ref": "#/$defs/Item" })]);
        assert_eq!(all, json!({ "Item": { "type": "string" } }));
    }

    #[test]
    fn different_definitions_of_one_name_stay_apart() {
        let schema = |kind: &str| json!({ "$ref": "#/$defs/Item", "$defs": { "Item": { "type": kind } } });
        let (schemas, all) = lifted([("a", schema("string")), ("b", schema("number"))]);
        assert_eq!(schemas[1], json!({ "$ref": "#/$defs/b_Item" }));
        assert_eq!(all, json!({ "Item": { "type": "string" }, "b_Item": { "type": "number" } }));
    }

    #[test]
    fn a_schema_that_refers_to_itself_still_does() {
        let schema = json!({ "properties": { "next": { "$ref": "#" } } });
        let (schemas, _) = lifted([("a", schema), ("b", json!(true))]);
        assert_eq!(schemas[0]["properties"]["next"]["$ref"], "#/properties/a");
    }

    #[test]
    fn a_name_that_is_escaped_in_references_is_found_under_its_plain_form() {
        // As schemars writes a reference to the name `Größe/m`.
        let schema = json!({ "$ref": "#/$defs/Gr%C3%B6%C3%9Fe~1m", "$defs": { "Größe/m": { "type": "number" } } });
        let (schemas, all) = lifted([("a", schema), ("b", json!(true))]);
        assert_eq!(schemas[0]["$ref"], "#/$defs/Gr____e_m");
        assert_eq!(all, json!({ "Gr____e_m": { "type": "number" } }));
    }
}
