//! Names for generators of clients, which make a type of each schema and name it by its component.
//!
//! Objects that stand inside others get a component of their own, since generators differ in what they call them and some
//! call two of them the same. Titles of components go: many generators prefer them to the names, and they are not distinct.

use std::collections::HashMap;

use flow_runtime::contract::Definitions;
use serde_json::{Map, Value, json};

use super::schemas::ROOT;

/// Makes the types of a workflow's arguments definitions of its input, which several arguments and workflows can share.
pub(super) fn share_arguments(input: &mut Value) {
    let mut definitions = input["$defs"].as_object().cloned().unwrap_or_default();
    let mut moved = HashMap::new();
    let Some(arguments) = input["properties"].as_object_mut() else { return };
    for (argument, schema) in arguments {
        let named = untitle(schema).filter(|_| is_object(schema) || is_enum(schema));
        // Two types of one name may be different types.
        let Some(name) = named.filter(|name| definitions.get(name).is_none_or(|other| other == schema)) else {
            continue;
        };
        let place = format!("#/$defs/{name}");
        moved.insert(format!("#/properties/{argument}"), place.clone());
        definitions.insert(name, std::mem::replace(schema, json!({ "$ref": place })));
    }
    if !definitions.is_empty() {
        input["$defs"] = definitions.into();
        retarget(input, &moved);
    }
}

/// Components of distinct names in which no object stands inside another, but as a part of `allOf`.
pub(super) fn named(components: Map<String, Value>) -> Map<String, Value> {
    let mut naming = Naming::default();
    let own: Vec<_> = components.into_iter().map(|(name, schema)| (naming.own(&name), schema)).collect();
    for (name, mut schema) in own {
        naming.inside(&mut schema, &name);
        untitle(&mut schema);
        naming.all.insert(name, schema);
    }
    let Naming { mut all, moved, .. } = naming;
    all.values_mut().for_each(|schema| retarget(schema, &moved));
    all
}

#[derive(Default)]
struct Naming {
    all: Map<String, Value>,
    /// How often a name was asked for, as generators write it.
    taken: HashMap<String, usize>,
    /// Where references to what has moved lead now.
    moved: HashMap<String, String>,
}

impl Naming {
    /// The name of a component that is there already.
    fn own(&mut self, name: &str) -> String {
        let free = self.free(&Definitions::plain(name));
        if free != name {
            self.moved.insert(format!("{ROOT}{name}"), format!("{ROOT}{free}"));
        }
        free
    }

    /// The name, with a number where another differs from it by nothing that stays in the name of a type.
    fn free(&mut self, name: &str) -> String {
        let times = self.taken.entry(letters(name)).and_modify(|times| *times += 1).or_insert(1);
        if *times == 1 {
            return name.to_owned();
        }
        let numbered = format!("{name}_{times}");
        self.free(&numbered)
    }

    /// What stands inside a schema at a path.
    fn inside(&mut self, schema: &mut Value, path: &str) {
        let Some(fields) = schema.as_object_mut() else { return };
        for (keyword, value) in fields {
            match (keyword.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    for (name, property) in properties {
                        self.part(property, &format!("{path}_{}", Definitions::plain(name)));
                    }
                }
                ("oneOf" | "anyOf" | "prefixItems", Value::Array(arms)) => {
                    for (index, arm) in arms.iter_mut().enumerate() {
                        let name = tag(arm).map_or_else(|| (index + 1).to_string(), Definitions::plain);
                        self.part(arm, &format!("{path}_{name}"));
                    }
                }
                ("allOf", Value::Array(parts)) => parts.iter_mut().for_each(|part| self.inside(part, path)),
                ("items" | "additionalProperties", item) => self.part(item, &format!("{path}_item")),
                _ => {}
            }
        }
    }

    /// A schema inside another: an object becomes a component.
    fn part(&mut self, schema: &mut Value, path: &str) {
        if !is_object(schema) {
            return self.inside(schema, path);
        }
        let name = self.free(path);
        self.inside(schema, &name);
        untitle(schema);
        let component = std::mem::replace(schema, json!({ "$ref": format!("{ROOT}{name}") }));
        self.all.insert(name, component);
    }
}

fn is_object(schema: &Value) -> bool {
    schema["type"] == "object" && schema["properties"].as_object().is_some_and(|properties| !properties.is_empty())
}

fn is_enum(schema: &Value) -> bool {
    schema["oneOf"].is_array() || schema["enum"].is_array()
}

/// What tells one arm from the others: the value of its tag, or its only property.
fn tag(arm: &Value) -> Option<&str> {
    let properties = arm["properties"].as_object()?;
    let value = properties.values().find_map(|property| property["const"].as_str());
    let only = || properties.keys().next().filter(|_| properties.len() == 1);
    value.or_else(|| only().map(String::as_str))
}

/// Takes the title away.
fn untitle(schema: &mut Value) -> Option<String> {
    let title = schema.as_object_mut()?.shift_remove("title")?;
    title.as_str().map(str::to_owned)
}

/// What two names have in common when generators write both in the style of their language.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A name as a part of a path.
pub(super) fn in_path(name: &str) -> String {
    let mut path = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => path.push(byte.into()),
            byte => path.push_str(&format!("%{byte:02X}")),
        }
    }
    path
}

fn retarget(schema: &mut Value, moved: &HashMap<String, String>) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| retarget(item, moved)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(target) if name == "$ref" => {
                        if let Some(other) = moved.get(target) {
                            other.clone_into(target);
                        }
                    }
                    _ => retarget(value, moved),
                }
            }
        }
        _ => {}
    }
}
