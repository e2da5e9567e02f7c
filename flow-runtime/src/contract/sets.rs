//! Compares values regardless of the order of their sets: a `HashSet` is written in a different order each time.

use serde_json::{Map, Value};

/// Maximum number of references in a row without a value in between; a recursive alias would loop forever.
const MOST_REFERENCES: u32 = 16;

/// Sorts the sets of a value: arrays with `uniqueItems` in its published schema, and the fields of all objects.
///
/// All alternatives of a schema are followed, so the result is only good for comparing two values.
pub(crate) fn sorted(schema: &Value, value: &Value) -> Value {
    let mut value = value.clone();
    value.sort_all_objects();
    Sorter { root: schema }.sort(schema, &mut value, MOST_REFERENCES);
    value
}

struct Sorter<'s> {
    root: &'s Value,
}

impl Sorter<'_> {
    fn sort(&self, schema: &Value, value: &mut Value, references: u32) {
        let Some(schema) = schema.as_object() else { return };
        if references > 0 {
            self.around(schema, value, references - 1);
        }
        match value {
            Value::Array(items) => self.items(schema, items),
            Value::Object(fields) => self.fields(schema, fields),
            _ => {}
        }
    }

    /// Applies the other schemas that describe the same value.
    fn around(&self, schema: &Map<String, Value>, value: &mut Value, references: u32) {
        if let Some(pointer) = schema.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'))
            && let Some(schema) = self.root.pointer(pointer)
        {
            self.sort(schema, value, references);
        }
        for word in ["anyOf", "oneOf", "allOf"] {
            for schema in schema.get(word).and_then(Value::as_array).into_iter().flatten() {
                self.sort(schema, value, references);
            }
        }
    }

    fn items(&self, schema: &Map<String, Value>, items: &mut [Value]) {
        let first = schema.get("prefixItems").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let rest = schema.get("items").into_iter().flat_map(std::iter::repeat);
        for (item, schema) in items.iter_mut().zip(first.iter().chain(rest)) {
            self.sort(schema, item, MOST_REFERENCES);
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            items.sort_by_cached_key(Value::to_string);
        }
    }

    fn fields(&self, schema: &Map<String, Value>, fields: &mut Map<String, Value>) {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, field) in fields.iter_mut() {
            let known = properties.and_then(|properties| properties.get(name));
            if let Some(schema) = known.or_else(|| schema.get("additionalProperties")) {
                self.sort(schema, field, MOST_REFERENCES);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap, HashSet};

    use schemars::JsonSchema;
    use serde::Serialize;
    use serde_json::json;

    use super::*;
    use crate::contract::{Direction, schema};

    #[derive(Serialize, JsonSchema)]
    struct Tree {
        tags: HashSet<String>,
        kids: Vec<Tree>,
        by_name: BTreeMap<String, HashSet<u8>>,
        pair: (Vec<u8>, HashSet<u8>),
        some: Option<HashSet<Vec<u8>>>,
        list: Vec<u8>,
    }

    fn same(one: Value, two: Value) -> bool {
        let schema = schema::<Tree>(Direction::Write);
        sorted(&schema, &one) == sorted(&schema, &two)
    }

    #[test]
    fn sets_have_no_order_and_lists_have() {
        let leaf = |tags: Value, list: Value| {
            json!({ "tags": tags, "kids": [], "by_name": { "x": [2, 1] }, "pair": [[1, 2], [4, 3]],
                "some": [[2, 1], [1, 2]], "list": list })
        };
        let (one, two) = (leaf(json!(["a", "b"]), json!([1, 2])), leaf(json!(["b", "a"]), json!([1, 2])));
        assert!(same(one.clone(), two.clone()));
        let tree = |kid: &Value| json!({ "tags": [], "kids": [kid], "by_name": {}, "pair": [[], []], "list": [] });
        assert!(same(tree(&one), tree(&two)));
        assert!(!same(one.clone(), leaf(json!(["a", "b"]), json!([2, 1]))));
        assert!(!same(one.clone(), leaf(json!(["a", "c"]), json!([1, 2]))));
        let mut other = one.clone();
        other["pair"] = json!([[2, 1], [3, 4]]);
        assert!(!same(one.clone(), other));
        let mut other = one.clone();
        (other["pair"], other["by_name"], other["some"]) =
            (json!([[1, 2], [3, 4]]), json!({ "x": [1, 2] }), json!([[1, 2], [2, 1]]));
        assert!(same(one, other));
    }

    #[test]
    fn a_hashed_set_is_the_same_whatever_its_order() {
        let schema = schema::<HashMap<String, HashSet<u32>>>(Direction::Write);
        let written = |_| json!(HashMap::from([("a", HashSet::<u32>::from_iter(0..50)), ("b", HashSet::new())]));
        let all: Vec<_> = (0..8).map(written).collect();
        assert!(all.iter().any(|one| one != &all[0]), "the order is random");
        assert!(all.iter().all(|one| sorted(&schema, one) == sorted(&schema, &all[0])));
    }

    #[test]
    fn a_schema_that_only_refers_to_itself_ends() {
        let schema = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "anyOf": [{ "$ref": "#/$defs/A" }] } } });
        assert_eq!(sorted(&schema, &json!([2, 1])), json!([2, 1]));
    }
}
