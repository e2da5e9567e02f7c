//! Values as serde would write them for a shape.

use flow::contract::{EnumShape, Member, Repr, Shape, StructShape};
use flow::serde_json::{Map, Value, json};

use super::random::Random;

/// A value that the shape writes.
pub(super) fn written(random: &mut Random, shape: &'static Shape) -> Value {
    match shape {
        Shape::Any => any(random),
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
        Shape::Split { write, .. } => written(random, write),
        Shape::Array(item) => (0..random.below(3)).map(|_| written(random, item)).collect(),
        Shape::Tuple(items) => items.iter().map(|item| written(random, item)).collect(),
        Shape::Map { key, value } => Value::Object(map(random, key, value)),
        Shape::Option(_) if random.one_in(3) => Value::Null,
        Shape::Option(inner) => written(random, inner),
        Shape::Struct(object) => Value::Object(entries(random, object)),
        Shape::Enum(one_of) => variant(random, one_of),
        other => unreachable!("{other:?} is not generated"),
    }
}

/// A JSON number has 64 bits.
fn integer(number: i128) -> Value {
    i64::try_from(number).map_or_else(|_| json!(number as u64), |number| json!(number))
}

fn any(random: &mut Random) -> Value {
    let values = [Value::Null, json!(7), json!("text"), json!([true]), json!({"a": 1})];
    values[random.below(values.len())].clone()
}

fn map(random: &mut Random, key: &'static Shape, value: &'static Shape) -> Map<String, Value> {
    let mut entries = Map::new();
    for _ in 0..random.below(3) {
        let key = match written(random, key) {
            Value::String(key) => key,
            other => other.to_string(),
        };
        // The names of fields are likely keys.
        let key = if key == "text" {
            random.pick(&["text", "a", "b", "c", "d", "e", "x", "y", "renamed", "another", "tag"]).to_owned()
        } else {
            key
        };
        entries.insert(key, written(random, value));
    }
    entries
}

fn entries(random: &mut Random, object: &'static StructShape) -> Map<String, Value> {
    let mut entries = Map::new();
    for member in object.members {
        if let Some(field) = member.field() {
            if let Some(name) = field.ser
                && (field.always_written || random.one_in(2))
            {
                let shape = match field.shape {
                    Shape::Option(inner) if field.never_null => inner,
                    shape => shape,
                };
                entries.insert(name.to_owned(), written(random, shape));
            }
        } else if let Member::Flatten { shape, .. } = member {
            match flattened(random, shape) {
                // A map that writes a field's name makes an object that its own type cannot read.
                Value::Object(more) => entries.extend(more.into_iter().filter(|(name, _)| !has_field(object, name))),
                // A unit variant.
                Value::String(name) => drop(entries.insert(name, Value::Null)),
                _ => {}
            }
        }
    }
    entries
}

fn flattened(random: &mut Random, shape: &'static Shape) -> Value {
    match shape {
        Shape::Option(_) if random.one_in(3) => Value::Null,
        Shape::Option(inner) => written(random, inner),
        shape => written(random, shape),
    }
}

fn has_field(object: &StructShape, name: &str) -> bool {
    let written = |member: &Member| member.field().is_some_and(|field| field.ser == Some(name));
    object.members.iter().any(written)
}

fn variant(random: &mut Random, one_of: &'static EnumShape) -> Value {
    let written_ones: Vec<_> = one_of.variants.iter().filter(|variant| variant.ser.is_some()).collect();
    let variant = random.pick(&written_ones);
    let name = variant.ser.unwrap_or("");
    let content = variant.shape.map(|shape| written(random, shape));
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
