//! Renders a shape as JSON Schema, to compare it with the schema from schemars, and for use without the type.

mod object;
mod variants;

use serde_json::{Map, Value, json};

use super::members::{Direction, open_once};
use super::{Def, Shape};

/// Renders one direction of a shape as JSON Schema (2020-12). Shapes have no descriptions and no bounds on lengths.
///
/// Aliases and `other` variants are omitted, as in schemars.
pub fn render(shape: &'static Shape, direction: Direction) -> Value {
    let mut renderer = Renderer { direction, defs: Vec::new(), generics: Vec::new() };
    let root = match shape.def() {
        Some(def) => renderer.root(shape, def),
        None => renderer.schema(shape),
    };
    renderer.finish(root)
}

struct Renderer {
    direction: Direction,
    /// The definitions met so far; `None` while a schema is being rendered.
    defs: Vec<(&'static Def, Option<Value>)>,
    generics: Vec<&'static Def>,
}

impl Renderer {
    /// The root's definition is inlined, as in schemars, and repeated in `$defs` only if something refers to it.
    fn root(&mut self, shape: &'static Shape, def: &'static Def) -> Value {
        self.within(shape, def, |renderer| renderer.schema(&def.body))
    }

    fn finish(self, root: Value) -> Value {
        let names: Vec<_> = (0..self.defs.len()).map(|index| self.key(index)).collect();
        let defs: Map<_, _> = names
            .into_iter()
            .zip(self.defs)
            .map(|(name, (_, schema))| (name, schema.unwrap_or(Value::Bool(true))))
            .collect();
        let mut root = match root {
            Value::Object(root) => root,
            Value::Bool(true) => Map::new(),
            other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
        };
        if !defs.is_empty() {
            root.insert("$defs".to_owned(), Value::Object(defs));
        }
        Value::Object(root)
    }

    fn schema(&mut self, shape: &'static Shape) -> Value {
        match shape {
            Shape::Any | Shape::Opaque(_) => Value::Bool(true),
            Shape::Null => json!({"type": "null"}),
            Shape::Bool => json!({"type": "boolean"}),
            Shape::Number | Shape::Float { .. } => json!({"type": "number"}),
            Shape::Int { min, max } => integer(*min, *max),
            Shape::Char => json!({"type": "string", "minLength": 1, "maxLength": 1}),
            Shape::Str { format: None } => json!({"type": "string"}),
            Shape::Str { format: Some(format) } => string(format, self.direction),
            Shape::Array(item) => json!({"type": "array", "items": self.schema(item)}),
            Shape::Tuple(items) => self.tuple(items),
            Shape::Map { key, value } => self.map(key, value),
            Shape::Option(inner) => json!({"anyOf": [self.schema(inner), {"type": "null"}]}),
            Shape::Struct(object) => self.object(object),
            Shape::Enum(one_of) => self.one_of(one_of, false),
            Shape::Named(def) => self.reference(shape, def.get()),
            Shape::Generic(def) => self.reference(shape, def),
            Shape::Ref(id) => self.enclosing(id),
            Shape::Split { write, read } => match self.direction {
                Direction::Write => self.schema(write),
                Direction::Read => self.schema(read),
            },
        }
    }

    fn tuple(&mut self, items: &'static [&'static Shape]) -> Value {
        let len = items.len();
        let items: Vec<_> = items.iter().map(|item| self.schema(item)).collect();
        if items.is_empty() {
            return json!({"type": "array", "maxItems": 0});
        }
        json!({"type": "array", "prefixItems": items, "minItems": len, "maxItems": len})
    }

    fn reference(&mut self, shape: &'static Shape, def: &'static Def) -> Value {
        let index = match self.index_of(def) {
            Some(index) => index,
            None => self.define(shape, def),
        };
        json!({"$ref": format!("#/$defs/{}", self.key(index))})
    }

    fn define(&mut self, shape: &'static Shape, def: &'static Def) -> usize {
        let index = self.defs.len();
        self.defs.push((def, None));
        let schema = self.within(shape, def, |renderer| renderer.schema(&def.body));
        self.defs[index].1 = Some(schema);
        index
    }

    fn within<T>(&mut self, shape: &Shape, def: &'static Def, work: impl FnOnce(&mut Self) -> T) -> T {
        let generic = matches!(shape, Shape::Generic(_));
        if generic {
            self.generics.push(def);
        }
        let done = work(self);
        if generic {
            self.generics.pop();
        }
        done
    }

    /// Resolves a shape in this direction and runs `work` inside the definitions on the way.
    fn opening<T>(&mut self, shape: &'static Shape, work: impl FnOnce(&mut Self, &'static Shape) -> T) -> T {
        match open_once(shape, self.direction) {
            Some(body) => match shape.def() {
                Some(def) => self.within(shape, def, |renderer| renderer.opening(body, work)),
                None => self.opening(body, work),
            },
            None => work(self, shape),
        }
    }

    fn enclosing(&mut self, id: &str) -> Value {
        match self.generics.iter().rev().find(|def| def.id == id).copied() {
            Some(def) => {
                let index = self.index_of(def).unwrap_or_else(|| self.define_generic(def));
                json!({"$ref": format!("#/$defs/{}", self.key(index))})
            }
            None => Value::Bool(true),
        }
    }

    /// The root is not defined until something refers to it.
    fn define_generic(&mut self, def: &'static Def) -> usize {
        let index = self.defs.len();
        self.defs.push((def, None));
        self.generics.push(def);
        let schema = self.schema(&def.body);
        self.generics.pop();
        self.defs[index].1 = Some(schema);
        index
    }

    fn index_of(&self, def: &Def) -> Option<usize> {
        self.defs.iter().position(|(known, _)| std::ptr::eq(*known, def))
    }

    fn key(&self, index: usize) -> String {
        let name = self.defs[index].0.name;
        match self.defs[..index].iter().filter(|(def, _)| def.name == name).count() {
            0 => name.to_owned(),
            earlier => format!("{name}{}", earlier + 1),
        }
    }
}

/// `serde_json` numbers are limited to 64 bits; a bound beyond that is omitted.
fn integer(min: i128, max: i128) -> Value {
    let mut schema = json!({"type": "integer"});
    if let Ok(min) = i64::try_from(min) {
        schema["minimum"] = min.into();
    }
    if let Ok(max) = u64::try_from(max) {
        schema["maximum"] = max.into();
    } else if let Ok(max) = i64::try_from(max) {
        schema["maximum"] = max.into();
    }
    schema
}

/// Our own formats are not published; a decimal is described by its pattern.
fn string(format: &str, direction: Direction) -> Value {
    match (format, direction) {
        ("decimal", Direction::Write) => json!({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
        ("decimal", Direction::Read) => json!({"type": "string", "pattern": r"^-?\d+(\.\d+)?([eE]\d+)?$"}),
        _ if format.starts_with("socket-address") => json!({"type": "string"}),
        _ => json!({"type": "string", "format": format}),
    }
}
