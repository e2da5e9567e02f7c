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
        Shape::Number => json!(random.pick(&[0.5, -3.25, 2.0, 1e300])),
        Shape::Int { min, max } => json!(random.within(*min, *max) as i64),
        Shape::Char => json!(random.pick(&["x", "é", "7", "a", "b", "c", "d", "e"])),
        Shape::Str { .. } => json!(random.pick(&["", "text", "A", "7"])),
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
        let key =
            if key == "text" { random.pick(&["text", "a", "b", "c", "d", "e", "x", "y"]).to_owned() } else { key };
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
                entries.insert(name.to_owned(), written(random, field.shape));
            }
        } else if let Member::Flatten { shape, .. } = member
            && let Value::Object(more) = written(random, shape)
        {
            // A map that writes a field's name makes an object that its own type cannot read.
            entries.extend(more.into_iter().filter(|(name, _)| !has_field(object, name)));
        }
    }
    entries
}

fn has_field(object: &StructShape, name: &str) -> bool {
    let written = |member: &Member| member.field().is_some_and(|field| field.ser == Some(name));
    object.members.iter().any(written)
}

fn variant(random: &mut Random, one_of: &'static EnumShape) -> Value {
    let variant = &one_of.variants[random.below(one_of.variants.len())];
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
