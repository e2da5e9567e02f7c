//! Values as Rust sees them: the variant, and whether an option is `None`, is known even if the JSON does not show it.

use flow::contract::{EnumShape, Field, Member, Repr, Shape, StructShape};
use flow::serde_json::{Map, Value, json};

use super::random::Random;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Typed {
    /// A value that is identical to its JSON.
    Leaf(Value),
    None,
    /// `None` in a field that is skipped.
    LeftOut,
    Some(Box<Typed>),
    List(Vec<Typed>),
    Map(Vec<(String, Typed)>),
    /// One value per member; `None` for a skipped field, which has its default.
    Object(Vec<Option<Typed>>),
    Variant(usize, Box<Typed>),
}

impl Typed {
    pub(super) fn unit(at: usize) -> Self {
        Self::Variant(at, Box::new(Self::Leaf(Value::Null)))
    }

    /// The value as seen in Rust, where skipped fields cannot be told from present ones.
    #[allow(dead_code, reason = "not every test looks at it")]
    pub(super) fn in_rust(self) -> Self {
        match self {
            Self::LeftOut => Self::None,
            Self::Some(inner) => Self::Some(Box::new(inner.in_rust())),
            Self::List(items) => Self::List(items.into_iter().map(Self::in_rust).collect()),
            Self::Map(entries) => Self::Map(entries.into_iter().map(|(name, value)| (name, value.in_rust())).collect()),
            Self::Object(members) => {
                Self::Object(members.into_iter().map(|member| member.map(Self::in_rust)).collect())
            }
            Self::Variant(at, content) => Self::Variant(at, Box::new(content.in_rust())),
            Self::Leaf(_) | Self::None => self,
        }
    }
}

/// A random value that the shape writes.
pub(super) fn any(random: &mut Random, shape: &'static Shape) -> Typed {
    match shape {
        Shape::Option(_) if random.one_in(3) => Typed::None,
        Shape::Option(inner) => Typed::Some(Box::new(any(random, inner))),
        Shape::Split { write, .. } => any(random, write),
        Shape::Array(item) => Typed::List((0..random.below(3)).map(|_| any(random, item)).collect()),
        Shape::Tuple(items) => Typed::List(items.iter().map(|item| any(random, item)).collect()),
        Shape::Map { key, value } => Typed::Map(map(random, key, value)),
        Shape::Struct(object) => Typed::Object(members(random, object)),
        Shape::Enum(one_of) => variant(random, one_of),
        scalar => Typed::Leaf(leaf(random, scalar)),
    }
}

fn leaf(random: &mut Random, shape: &'static Shape) -> Value {
    match shape {
        Shape::Any => json_value(random),
        Shape::Null => Value::Null,
        Shape::Bool => json!(random.one_in(2)),
        Shape::Number if random.one_in(4) => json!(u64::MAX),
        Shape::Number => json!(random.pick(&[0.5, -3.25, 2.0, 1e300])),
        Shape::Float { bits: f32::MANTISSA_DIGITS } => json!(random.pick(&[0.5, -3.25, 2.0])),
        Shape::Float { .. } => json!(random.pick(&[0.5, -3.25, 2.0, 0.1, 1e300])),
        Shape::Int { min, max } => integer(random.within((*min).max(i64::MIN.into()), (*max).min(u64::MAX.into()))),
        Shape::Char => json!(random.pick(&["x", "é", "7", "a", "b", "c", "d", "e"])),
        Shape::Str { format: None } => json!(random.pick(&["", "text", "A", "7"])),
        Shape::Str { format: Some("ipv4") } => json!("127.0.0.1"),
        Shape::Str { format: Some(_) } => json!(random.pick(&["127.0.0.1", "::1"])),
        other => unreachable!("{other:?} is not generated"),
    }
}

/// JSON numbers have at most 64 bits.
fn integer(number: i128) -> Value {
    i64::try_from(number).map_or_else(|_| json!(number as u64), |number| json!(number))
}

fn json_value(random: &mut Random) -> Value {
    let values = [Value::Null, json!(7), json!("text"), json!([true]), json!({"a": 1})];
    values[random.below(values.len())].clone()
}

fn map(random: &mut Random, key: &'static Shape, value: &'static Shape) -> Vec<(String, Typed)> {
    let mut entries = Vec::<(String, Typed)>::new();
    for _ in 0..random.below(3) {
        let name = match leaf(random, key) {
            // Field names are likely keys.
            Value::String(key) if key == "text" => {
                random.pick(&["text", "a", "b", "c", "d", "e", "x", "y", "renamed", "another", "label"]).to_owned()
            }
            Value::String(key) => key,
            other => other.to_string(),
        };
        if entries.iter().all(|(known, _)| *known != name) {
            entries.push((name, any(random, value)));
        }
    }
    // Maps are read back in the order of their keys.
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries
}

fn members(random: &mut Random, object: &'static StructShape) -> Vec<Option<Typed>> {
    let mut members = Vec::new();
    for member in object.members {
        members.push(match member {
            Member::Flatten { shape, .. } => Some(without_fields(any(random, shape), object)),
            member => member.field().and_then(|field| field_value(random, &field)),
        });
    }
    members
}

fn field_value(random: &mut Random, field: &Field) -> Option<Typed> {
    field.ser?;
    let left_out = !field.always_written && random.one_in(2);
    match field.shape {
        Shape::Option(_) if left_out => Some(Typed::LeftOut),
        Shape::Option(inner) if field.never_null => Some(Typed::Some(Box::new(any(random, inner)))),
        shape => (!left_out).then(|| any(random, shape)),
    }
}

/// Drops entries named like fields: with them, the type could not read what it writes.
fn without_fields(flattened: Typed, object: &'static StructShape) -> Typed {
    let is_field = |name: &str| object.members.iter().filter_map(Member::field).any(|field| field.ser == Some(name));
    match flattened {
        Typed::Map(entries) => Typed::Map(entries.into_iter().filter(|(name, _)| !is_field(name)).collect()),
        Typed::Leaf(Value::Object(entries)) => {
            Typed::Leaf(Value::Object(entries.into_iter().filter(|(name, _)| !is_field(name)).collect()))
        }
        other => other,
    }
}

fn variant(random: &mut Random, one_of: &'static EnumShape) -> Typed {
    let written: Vec<_> = (0..one_of.variants.len()).filter(|at| one_of.variants[*at].ser.is_some()).collect();
    let at = random.pick(&written);
    match one_of.variants[at].shape {
        None => Typed::unit(at),
        Some(shape) => Typed::Variant(at, Box::new(any(random, shape))),
    }
}

/// Writes a value as serde would.
pub(super) fn written(shape: &'static Shape, value: &Typed) -> Value {
    match (shape, value) {
        (Shape::Named(def), _) => written(&def.get().body, value),
        (Shape::Generic(def), _) => written(&def.body, value),
        (Shape::Split { write, .. }, _) => written(write, value),
        (_, Typed::None | Typed::LeftOut) => Value::Null,
        (_, Typed::Leaf(value)) => value.clone(),
        (Shape::Option(inner), Typed::Some(value)) => written(inner, value),
        (Shape::Array(item), Typed::List(values)) => values.iter().map(|value| written(item, value)).collect(),
        (Shape::Tuple(items), Typed::List(values)) => {
            items.iter().zip(values).map(|(item, value)| written(item, value)).collect()
        }
        (Shape::Map { value: shape, .. }, Typed::Map(entries)) => {
            entries.iter().map(|(name, value)| (name.clone(), written(shape, value))).collect()
        }
        (Shape::Struct(object), Typed::Object(members)) => Value::Object(written_members(object, members)),
        (Shape::Enum(one_of), Typed::Variant(at, content)) => written_variant(one_of, *at, content),
        (shape, value) => unreachable!("{value:?} does not have the shape {shape:?}"),
    }
}

fn written_members(object: &'static StructShape, members: &[Option<Typed>]) -> Map<String, Value> {
    let mut entries = Map::new();
    for (member, value) in object.members.iter().zip(members) {
        match (member, value) {
            (_, None) => {}
            (Member::Flatten { shape, .. }, Some(value)) => match written(shape, value) {
                Value::Object(more) => entries.extend(more),
                Value::String(name) => drop(entries.insert(name, Value::Null)),
                _ => {}
            },
            (member, Some(value)) => {
                if let Some(field) = member.field()
                    && let Some(name) = field.ser
                    && *value != Typed::LeftOut
                {
                    entries.insert(name.to_owned(), written(field.shape, value));
                }
            }
        }
    }
    entries
}

fn written_variant(one_of: &'static EnumShape, at: usize, content: &Typed) -> Value {
    let variant = &one_of.variants[at];
    let (name, content) = (variant.ser.unwrap_or(""), variant.shape.map(|shape| written(shape, content)));
    match (one_of.repr, content) {
        (Repr::External, None) => json!(name),
        (Repr::External, Some(content)) => json!({name: content}),
        (Repr::Internal { tag }, content) => {
            let mut entries = Map::from_iter([(tag.to_owned(), json!(name))]);
            if let Some(Value::Object(more)) = content {
                entries.extend(more);
            }
            Value::Object(entries)
        }
        (Repr::Adjacent { tag, .. }, None) => json!({tag: name}),
        (Repr::Adjacent { tag, content: key }, Some(content)) => json!({tag: name, key: content}),
        (Repr::Untagged, content) => content.unwrap_or(Value::Null),
    }
}
