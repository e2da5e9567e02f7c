//! JSON Schemas as Rust types.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::document::comment;
use super::names::{Names, camel, snake};

/// Any JSON value.
pub(super) const ANY: &str = "flow::serde_json::Value";

/// How deep definitions may be nested.
const DEPTH: usize = 32;

/// The types defined so far.
#[derive(Default)]
pub(super) struct Types {
    names: Names,
    definitions: Vec<String>,
}

/// One document: a schema and the definitions that it refers to.
pub(super) struct Document<'t, 's> {
    types: &'t mut Types,
    root: &'s Value,
    /// The names of the definitions met so far, and whether each is still being read.
    met: HashMap<&'s str, (String, bool)>,
}

/// A property of an object.
pub(super) struct Property<'s> {
    pub(super) name: &'s str,
    pub(super) schema: &'s Value,
    pub(super) is_required: bool,
}

impl Types {
    pub(super) fn document<'t, 's>(&'t mut self, root: &'s Value) -> Document<'t, 's> {
        Document { types: self, root, met: HashMap::new() }
    }

    /// All definitions, in the order in which they were met.
    pub(super) fn definitions(self) -> String {
        self.definitions.iter().map(|definition| format!("\n{definition}")).collect()
    }
}

/// The properties of an object, in the order of the schema.
pub(super) fn properties(schema: &Value) -> Vec<Property<'_>> {
    let required = schema["required"].as_array();
    let is_required = |name: &String| required.is_some_and(|all| all.iter().any(|one| one == name));
    let all = schema["properties"].as_object().into_iter().flatten();
    all.map(|(name, schema)| Property { name, schema, is_required: is_required(name) }).collect()
}

impl<'s> Document<'_, 's> {
    /// The type of a schema; `hint` names a type that has no name of its own.
    pub(super) fn of(&mut self, schema: &'s Value, hint: &str) -> String {
        self.within(schema, hint, DEPTH)
    }

    fn within(&mut self, schema: &'s Value, hint: &str, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else { return ANY.to_owned() };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.referred(reference, depth);
        }
        if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            return self.within(only, hint, depth);
        }
        if let Some((inner, true)) = alternatives(schema) {
            return option(self.within(inner, hint, depth));
        }
        if let Some(values) = texts(schema) {
            return self.choice(schema, &values, hint);
        }
        match kinds(schema)[..] {
            [kind] => self.kind(kind, schema, hint, depth),
            [kind, "null"] | ["null", kind] => option(self.kind(kind, schema, hint, depth)),
            _ => ANY.to_owned(),
        }
    }

    fn kind(&mut self, kind: &str, schema: &'s Value, hint: &str, depth: usize) -> String {
        match kind {
            "string" => "String".to_owned(),
            "boolean" => "bool".to_owned(),
            "number" => "f64".to_owned(),
            "integer" if is_natural(schema) => "u64".to_owned(),
            "integer" => "i64".to_owned(),
            "null" => "()".to_owned(),
            "array" => match schema.get("items").filter(|items| items.is_object()) {
                Some(items) => format!("Vec<{}>", unboxed(self.within(items, &format!("{hint}Item"), depth))),
                None => format!("Vec<{ANY}>"),
            },
            "object" if schema["properties"].as_object().is_some_and(|all| !all.is_empty()) => {
                let name = self.types.names.free(camel(hint));
                self.object(schema, &name, depth);
                name
            }
            "object" => match schema.get("additionalProperties").filter(|others| others.is_object()) {
                Some(others) => {
                    let value = unboxed(self.within(others, &format!("{hint}Value"), depth));
                    format!("std::collections::BTreeMap<String, {value}>")
                }
                None => format!("std::collections::BTreeMap<String, {ANY}>"),
            },
            _ => ANY.to_owned(),
        }
    }

    /// A definition within the document. One that is still being read contains itself.
    fn referred(&mut self, reference: &'s str, depth: usize) -> String {
        let target = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
        let Some(target) = target else { return ANY.to_owned() };
        match self.met.get(reference) {
            Some((name, true)) => return format!("Box<{name}>"),
            Some((name, false)) => return name.clone(),
            None => {}
        }
        let hint = reference.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("Root");
        if kinds(target)[..] != ["object"] || target.get("properties").is_none() {
            return self.within(target, hint, depth);
        }
        let name = self.types.names.free(camel(hint));
        self.met.insert(reference, (name.clone(), true));
        self.object(target, &name, depth);
        self.met.insert(reference, (name.clone(), false));
        name
    }

    fn object(&mut self, schema: &'s Value, name: &str, depth: usize) {
        let mut fields = Names::default();
        let place = self.types.definitions.len();
        // Before the types of its fields.
        self.types.definitions.push(String::new());
        let mut code = comment(schema["description"].as_str(), "");
        code += &format!("#[contract]\n#[derive(Debug, Clone)]\npub struct {name} {{\n");
        for property in properties(schema) {
            let ty = self.within(property.schema, &format!("{name}_{}", property.name), depth);
            code += &field(&property, &fields.free(snake(property.name)), ty);
        }
        self.types.definitions[place] = code + "}\n";
    }

    /// Texts to choose from.
    fn choice(&mut self, schema: &'s Value, values: &[&str], hint: &str) -> String {
        let (name, mut variants) = (self.types.names.free(camel(hint)), Names::default());
        let mut code = comment(schema["description"].as_str(), "");
        code += &format!("#[contract]\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub enum {name} {{\n");
        for value in values {
            let variant = variants.free(camel(value));
            if variant != **value {
                code += &format!("    #[serde(rename = {value:?})]\n");
            }
            code += &format!("    {variant},\n");
        }
        self.types.definitions.push(code + "}\n");
        name
    }
}

fn field(property: &Property<'_>, name: &str, ty: String) -> String {
    let mut code = comment(property.schema["description"].as_str(), "    ");
    if name.trim_start_matches("r#") != property.name {
        code += &format!("    #[serde(rename = {:?})]\n", property.name);
    }
    let ty = match property.is_required {
        true => ty,
        false => {
            code += "    #[serde(skip_serializing_if = \"Option::is_none\")]\n";
            option(ty)
        }
    };
    code + &format!("    pub {name}: {ty},\n")
}

/// The only alternative besides `null`, and whether there is one.
fn alternatives(schema: &Value) -> Option<(&Value, bool)> {
    let all = schema.get("anyOf").or_else(|| schema.get("oneOf"))?.as_array()?;
    let mut others = all.iter().filter(|one| one["type"] != "null");
    match (others.next(), others.next()) {
        (Some(only), None) => Some((only, all.len() == 2)),
        _ => None,
    }
}

/// `Option<T>`, once.
pub(super) fn option(ty: String) -> String {
    if ty.starts_with("Option<") || ty == ANY { ty } else { format!("Option<{ty}>") }
}

/// A type within a list needs no box.
fn unboxed(ty: String) -> String {
    ty.strip_prefix("Box<").and_then(|inner| inner.strip_suffix('>')).map_or(ty.clone(), str::to_owned)
}

/// The texts that a schema lists, if it lists nothing else.
fn texts(schema: &Value) -> Option<Vec<&str>> {
    let one = schema.get("const").map(std::slice::from_ref);
    let all = one.or_else(|| schema.get("enum")?.as_array().map(Vec::as_slice))?;
    all.iter().map(Value::as_str).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
}

fn kinds(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if schema.get("properties").is_some_and(Value::is_object) => vec!["object"],
        _ => Vec::new(),
    }
}

fn is_natural(schema: &Value) -> bool {
    let least = |name: &str| schema.get(name).and_then(Value::as_f64);
    least("minimum").or_else(|| least("exclusiveMinimum")).is_some_and(|least| least >= 0.0)
}

/// Whether a schema says nothing at all.
pub(super) fn is_silent(schema: &Value) -> bool {
    schema.as_object().is_none_or(Map::is_empty)
}
