//! JSON Schemas as Rust types.

use flow_runtime::contract::Direction;
use serde_json::Value;

use super::contract;
use super::definitions::Definitions;
use super::names::{ANY, option};
use super::schema::{Property, Schema};

/// How deep schemas may be nested.
const DEPTH: usize = 32;

/// Maximum number of listed values that a comment shows.
const SHOWN: usize = 8;

/// Reads the schemas of one document.
pub(super) struct Reader<'d, 's> {
    definitions: &'d mut Definitions<'s>,
    direction: Direction,
    /// References to other types than objects, which are being followed.
    followed: Vec<&'s str>,
    /// What the type being read does not say.
    lost: Vec<String>,
}

/// A type, and what it does not say of the schema.
pub(super) struct Printed {
    pub(super) ty: String,
    pub(super) lost: Vec<String>,
}

impl<'d, 's> Reader<'d, 's> {
    pub(super) fn new(definitions: &'d mut Definitions<'s>, direction: Direction) -> Self {
        Self { definitions, direction, followed: Vec::new(), lost: Vec::new() }
    }

    /// The type of a schema; `hint` names a type that has no name of its own.
    pub(super) fn of(&mut self, schema: Schema<'s>, hint: &str) -> Printed {
        self.apart(schema, hint, DEPTH)
    }

    fn apart(&mut self, schema: Schema<'s>, hint: &str, depth: usize) -> Printed {
        let outer = std::mem::take(&mut self.lost);
        let ty = self.within(schema, hint, depth);
        Printed { ty, lost: std::mem::replace(&mut self.lost, outer) }
    }

    fn within(&mut self, schema: Schema<'s>, hint: &str, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else { return self.any("more than 32 levels") };
        if schema.is_silent() {
            return ANY.to_owned();
        }
        self.lost.extend(schema.unsaid().iter().map(|keyword| format!("`{keyword}`")));
        if let Some(reference) = schema.reference() {
            return match schema.target() {
                Some(target) if schema.says_only("$ref") => self.referred(reference, target, hint, depth),
                _ => self.any(&format!("`$ref` to `{reference}`")),
            };
        }
        if let Some([only]) = schema.list("allOf").filter(|_| schema.says_only("allOf")).as_deref() {
            return self.within(*only, hint, depth);
        }
        if let Some((inner, has_null)) = schema.alternative() {
            let ty = self.within(inner, hint, depth);
            return if has_null { option(ty) } else { ty };
        }
        if let Some((variants, has_null)) = contract::variants(schema) {
            let name = contract::choice(self.definitions, schema, &variants, hint);
            return if has_null { option(name) } else { name };
        }
        if let Some(keyword) = schema.combined() {
            return self.any(&format!("`{keyword}`"));
        }
        if let Some(values) = schema.values() {
            return self.listed(schema, &values, hint, depth);
        }
        self.typed(schema, hint, depth)
    }

    /// Any value, since no type says this.
    fn any(&mut self, lost: &str) -> String {
        self.lost.push(lost.to_owned());
        ANY.to_owned()
    }

    fn typed(&mut self, schema: Schema<'s>, hint: &str, depth: usize) -> String {
        match schema.kinds()[..] {
            [] => self.any("a schema without a type"),
            [kind] => self.kind(kind, schema, hint, depth),
            [kind, "null"] | ["null", kind] => option(self.kind(kind, schema, hint, depth)),
            ref kinds => self.any(&kinds.join(" or ")),
        }
    }

    /// The type of other values than texts. No number type writes only some numbers, but each can read them.
    fn listed(&mut self, schema: Schema<'s>, values: &[&Value], hint: &str, depth: usize) -> String {
        let others: Vec<_> = values.iter().copied().filter(|value| !value.is_null()).collect();
        let shown: Vec<_> = values.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = if values.len() > SHOWN { ", …" } else { "" };
        let lost = match values.len() {
            1 => format!("only {}", shown.concat()),
            _ => format!("one of {}{more}", shown.join(", ")),
        };
        let ty = if others.iter().all(|value| value.is_boolean()) {
            if others.len() == 1 {
                self.lost.push(lost);
            }
            if others.is_empty() { return "()".to_owned() } else { "bool".to_owned() }
        } else {
            self.definitions.depends_on_direction();
            if self.direction == Direction::Write {
                return self.any(&lost);
            }
            self.lost.push(lost);
            match schema.kinds()[..] {
                [] if others.iter().all(|value| value.is_i64()) => "i64".to_owned(),
                [] if others.iter().all(|value| value.is_number()) => "f64".to_owned(),
                [] => return ANY.to_owned(),
                _ => return self.typed(schema, hint, depth),
            }
        };
        if others.len() < values.len() { option(ty) } else { ty }
    }

    fn kind(&mut self, kind: &str, schema: Schema<'s>, hint: &str, depth: usize) -> String {
        match kind {
            "string" => "String".to_owned(),
            "boolean" => "bool".to_owned(),
            "number" => "f64".to_owned(),
            "integer" if is_natural(schema.node) => "u64".to_owned(),
            "integer" => "i64".to_owned(),
            "null" => "()".to_owned(),
            "array" => match schema.get("items") {
                Some(items) if items.node.is_object() => {
                    format!("Vec<{}>", unboxed(self.within(items, &format!("{hint}Item"), depth)))
                }
                // A list of any values does not fit one without.
                Some(items) if items.node == &Value::Bool(false) => self.any("`items`"),
                items => {
                    self.lost.extend(items.filter(|items| items.node.is_array()).map(|_| "`items`".to_owned()));
                    format!("Vec<{ANY}>")
                }
            },
            "object" if schema.has_properties() => self.object(schema, hint, depth),
            "object" => {
                let others = schema.get("additionalProperties").filter(|others| others.node.is_object());
                let value = others.map(|others| unboxed(self.within(others, &format!("{hint}Value"), depth)));
                format!("std::collections::BTreeMap<String, {}>", value.as_deref().unwrap_or(ANY))
            }
            _ => self.any(&format!("type `{kind}`")),
        }
    }

    fn referred(&mut self, reference: &'s str, target: Schema<'s>, hint: &str, depth: usize) -> String {
        let last = reference.rsplit('/').next().unwrap_or_default();
        let hint = if last.chars().any(char::is_alphanumeric) { last } else { hint };
        if target.kinds()[..] == ["object"] && target.has_properties() {
            return self.within(target, hint, depth);
        }
        if self.followed.contains(&reference) {
            return self.any(&format!("`$ref` to `{reference}`, which contains itself"));
        }
        self.followed.push(reference);
        let ty = self.within(target, hint, depth);
        self.followed.pop();
        ty
    }

    fn object(&mut self, schema: Schema<'s>, hint: &str, depth: usize) -> String {
        if let Some(known) = self.definitions.known(hint, schema, self.direction) {
            return known;
        }
        let opened = self.definitions.open(hint, schema, self.direction);
        let read = |property: Property<'s>| {
            let printed = self.apart(property.schema, &format!("{}_{}", opened.stem, property.name), depth);
            (property, printed.ty, printed.lost)
        };
        let fields: Vec<_> = schema.properties().into_iter().map(read).collect();
        let code = contract::object(schema, &opened.name, &fields);
        self.definitions.close(opened, code)
    }
}

/// A type within a list needs no box.
fn unboxed(ty: String) -> String {
    ty.strip_prefix("Box<").and_then(|inner| inner.strip_suffix('>')).map_or(ty.clone(), str::to_owned)
}

fn is_natural(schema: &Value) -> bool {
    let least = |name: &str| schema.get(name).and_then(Value::as_f64);
    least("minimum").or_else(|| least("exclusiveMinimum")).is_some_and(|least| least >= 0.0)
}
