//! Merges the definitions of several schemas into one document.

use serde_json::{Map, Value};

/// Definitions shared by the schemas of one document.
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

/// How the references of one schema are rewritten.
struct Move<'a> {
    root: &'a str,
    prefix: &'a str,
    home: &'a str,
}

impl Definitions {
    /// Creates an empty set. References will start with `root`, such as `#/$defs/`.
    pub fn under(root: &str) -> Self {
        Self { root: root.to_owned(), all: Map::new() }
    }

    /// Returns a name that references need not escape and that OpenAPI accepts for components: ASCII letters, digits and `.-_`.
    /// Letters of other alphabets are written as numbers, so that different names stay different; other characters become `_`.
    pub fn plain(name: &str) -> String {
        let mut plain = String::new();
        for letter in name.chars() {
            match letter {
                letter if letter.is_ascii_alphanumeric() || ".-_".contains(letter) => plain.push(letter),
                letter if letter.is_ascii() => plain.push('_'),
                letter => plain.push_str(&format!("u{:x}", u32::from(letter))),
            }
        }
        plain
    }

    /// Adds a definition unchanged, replacing one with the same name.
    pub fn add(&mut self, name: &str, definition: Value) {
        self.all.insert(name.to_owned(), definition);
    }

    /// Moves the definitions of a root schema here and adjusts its references. The schema itself will be at `home`, to which it
    /// may refer. A definition that differs from an existing one with the same name is kept as `owner_Name`; names become
    /// [plain](Self::plain).
    pub fn lift(&mut self, owner: &str, home: &str, schema: &mut Value) {
        let Some(object) = schema.as_object_mut() else { return };
        object.remove("$schema");
        let Value::Object(own) = object.remove("$defs").unwrap_or_default() else {
            return self.follow("", home, schema);
        };
        let moved = self.moved("", home, &own);
        // Two types with the same name may differ.
        let apart = moved.iter().any(|(name, definition)| self.all.get(name).is_some_and(|other| other != definition));
        let prefix = if apart { format!("{owner}_") } else { String::new() };
        self.follow(&prefix, home, schema);
        let moved = if apart { self.moved(&prefix, home, &own) } else { moved };
        self.all.extend(moved);
    }

    /// Returns the definitions by name.
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
            (format!("{prefix}{}", Self::plain(name)), definition)
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
            Some(name) => format!("{}{}{}", self.root, self.prefix, Definitions::plain(&unescaped(name))),
            // A reference to the complete schema itself.
            None => format!("{}{}", self.home, target.trim_start_matches('#')),
        }
    }
}

/// Unescapes a name in a reference: percent-encoding first, then JSON pointer escapes.
fn unescaped(name: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), name);
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let Some(byte) = rest.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
            bytes.push(b'%');
            rest = &rest[at + 1..];
            continue;
        };
        bytes.push(byte);
        rest = &rest[at + 3..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
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
        assert_eq!(schemas[0]["$ref"], "#/$defs/Gruf6udfe_m");
        assert_eq!(all, json!({ "Gruf6udfe_m": { "type": "number" } }));
    }
    #[test]
    fn names_of_other_alphabets_stay_different() {
        let schema = |name: &str| json!({ "$ref": format!("#/$defs/{name}"), "$defs": { "Größe": { "type": "number" }, "Grüße": { "type": "string" } } });
        let (schemas, all) = lifted([("a", schema("Größe")), ("b", schema("Gr%C3%BC%C3%9Fe"))]);
        assert_eq!(
            all[schemas[0]["$ref"].as_str().unwrap().trim_start_matches("#/$defs/")],
            json!({ "type": "number" })
        );
        assert_eq!(
            all[schemas[1]["$ref"].as_str().unwrap().trim_start_matches("#/$defs/")],
            json!({ "type": "string" })
        );
        assert_eq!(unescaped("a%zz%2"), "a%zz%2");
    }
}
