//! Component names for client generators, which make a type of each schema and name it after its component.
//!
//! Nested objects become components, since generators name nested objects differently and some give two of them the same name.
//! Titles of components are removed: many generators prefer them to component names, and they are not unique.

use std::collections::HashMap;

use flow_runtime::contract::Definitions;
use serde_json::{Map, Value, json};

use super::components::ROOT;

/// Moves the types of a workflow's arguments to the definitions of its input, so that arguments and workflows can share them.
pub(super) fn share_arguments(input: &mut Value) {
    let mut definitions = input["$defs"].as_object().cloned().unwrap_or_default();
    let mut moved = HashMap::new();
    let Some(arguments) = input["properties"].as_object_mut() else { return };
    for (argument, schema) in arguments {
        let named = untitle(schema).filter(|_| is_object(schema) || is_enum(schema));
        // Two different types may have the same name.
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

/// Renames components so that their names are distinct, and extracts nested objects, except parts of `allOf`.
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
    /// How often a name was requested, in the generators' normalized spelling.
    taken: HashMap<String, usize>,
    /// The new targets of references to moved schemas.
    moved: HashMap<String, String>,
}

impl Naming {
    /// The final name of an existing component.
    fn own(&mut self, name: &str) -> String {
        let free = self.free(&Definitions::plain(name));
        if free != name {
            self.moved.insert(format!("{ROOT}{name}"), format!("{ROOT}{free}"));
        }
        free
    }

    /// The name, with a number if another one is equal after normalization.
    fn free(&mut self, name: &str) -> String {
        let times = self.taken.entry(letters(name)).and_modify(|times| *times += 1).or_insert(1);
        if *times == 1 {
            return name.to_owned();
        }
        let numbered = format!("{name}_{times}");
        self.free(&numbered)
    }

    /// Visits the schemas inside a schema.
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

    /// Visits a nested schema; an object becomes a component.
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

/// What distinguishes an arm from the others: the value of its tag, or its only property.
fn tag(arm: &Value) -> Option<&str> {
    let properties = arm["properties"].as_object()?;
    let value = properties.values().find_map(|property| property["const"].as_str());
    let only = || properties.keys().next().filter(|_| properties.len() == 1);
    value.or_else(|| only().map(String::as_str))
}

/// Removes and returns the title.
fn untitle(schema: &mut Value) -> Option<String> {
    let title = schema.as_object_mut()?.shift_remove("title")?;
    title.as_str().map(str::to_owned)
}

/// The normalized form of a name: generators convert names to the style of their language.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A name as a path segment.
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
