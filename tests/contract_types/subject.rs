//! A real type: what it writes, reads and publishes.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::{Arbitrary, Unstructured};
use flow::schemars::JsonSchema;
use flow::serde::{Serialize, de::DeserializeOwned};
use flow::serde_json::{self, Map, Value, json};
use flow_runtime::contract::{Contract, Direction, Member, Shape, flaws, schema, survives_round_trip};

use super::random::Random;
use super::reader::{Reading, reading};

/// Values tried per value kept, since many are duplicates.
const TRIES: usize = 3;

/// A type and its JSON behaviour.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
    /// Whether it reads what it writes, as the output of a step must.
    pub(crate) survives: bool,
    pub(crate) schema: Value,
    /// Whether it reads more than it publishes: aliases, unknown variant names, duplicates in a set.
    lenient: bool,
    validator: jsonschema::Validator,
    write: fn(&mut Unstructured<'_>) -> Option<Value>,
    /// Reads a value, and writes what was read.
    read: fn(&Value) -> Option<Option<Value>>,
}

/// Collects the JSON behaviour of a type.
pub(crate) fn subject<T>() -> Subject
where
    T: Contract + JsonSchema + Serialize + DeserializeOwned + for<'a> Arbitrary<'a>,
{
    let schema = schema::<T>(Direction::Read);
    Subject {
        name: std::any::type_name::<T>(),
        shape: T::SHAPE,
        survives: survives_round_trip(T::SHAPE).ok() && flaws(T::SHAPE).ok(),
        validator: jsonschema::validator_for(&schema).expect("a published schema is a schema"),
        lenient: is_lenient(T::SHAPE) || schema.to_string().contains("uniqueItems"),
        schema,
        write: |from| serde_json::to_value(T::arbitrary(from).ok()?).ok(),
        read: |value| Some(serde_json::to_value(T::deserialize(value).ok()?).ok()),
    }
}

impl Subject {
    /// Whether serde reads the value.
    pub(crate) fn reads(&self, value: &Value) -> bool {
        (self.read)(value).is_some()
    }

    /// Reads a value and writes it again.
    pub(crate) fn rewrites(&self, value: &Value) -> Option<Value> {
        (self.read)(value)?
    }

    /// Whether the published schema allows the value.
    pub(crate) fn publishes(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// Whether the value can be passed to it. A number that serde rounds when reading is not accepted.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        let rounded = reading(self.shape, value) == Reading::Rounded;
        self.reads(value) && !rounded && (self.lenient || self.publishes(value))
    }

    /// Whether it reads what it writes, as the same shape.
    pub(crate) fn is_symmetric(&self) -> bool {
        self.survives && !matches!(self.shape.def().map_or(self.shape, |def| &def.body), Shape::Split { .. })
    }

    /// Whether it never fills in absent fields.
    pub(crate) fn has_no_defaults(&self) -> bool {
        let text = format!("{:?}", self.shape.def().map_or(self.shape, |def| &def.body));
        self.is_symmetric()
            && !text.contains("required: false")
            && !["Named", "Generic", "Ref"].iter().any(|word| text.contains(word))
            && !self.lenient
    }

    /// Whether its type name contains `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.name.contains(name)
    }

    /// At most `count` different values that the type writes. Omits values that the type cannot read back, such as a flattened map
    /// that repeats the name of a field: these cannot be the output of a step.
    pub(crate) fn written(&self, random: &mut Random, count: usize) -> Vec<Value> {
        let mut seen = BTreeSet::new();
        let mut values = Vec::new();
        for _ in 0..count * TRIES {
            let bytes = bytes(random);
            let Some(value) = (self.write)(&mut Unstructured::new(&bytes)) else { continue };
            if values.len() < count && (!self.survives || self.reads(&value)) && seen.insert(value.to_string()) {
                values.push(value);
            }
        }
        values
    }
}

fn is_lenient(shape: &Shape) -> bool {
    match shape.def().map_or(shape, |def| &def.body) {
        Shape::Struct(object) => object.members.iter().filter_map(Member::field).any(|field| !field.aliases.is_empty()),
        Shape::Enum(one_of) => one_of.variants.iter().any(|variant| variant.other || !variant.aliases.is_empty()),
        _ => false,
    }
}

/// Random bytes, biased towards numbers at the limits of their ranges and strings that equal field names.
fn bytes(random: &mut Random) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < 96 {
        let any = random.below(256) as u8;
        let byte = random.pick(&[any, any, any, 0, 1, 0x7f, 0xff, b'a', b'b', b'A', b'7']);
        let run = random.pick(&[1, 1, 2, 4, 8]);
        bytes.extend(std::iter::repeat_n(byte, run));
    }
    bytes
}

pub(crate) fn any(from: &mut Unstructured<'_>) -> arbitrary::Result<Value> {
    let values =
        [Value::Null, json!(7), json!(-0.5), json!("text"), json!([[true]]), json!({"a": 1}), json!({"a": "1"})];
    Ok(from.choose(&values)?.clone())
}

/// A map whose keys include names of fields.
pub(crate) fn entries<V: for<'a> Arbitrary<'a>>(from: &mut Unstructured<'_>) -> arbitrary::Result<BTreeMap<String, V>> {
    (0..from.int_in_range(0..=3)?).map(|_| Ok((name(from)?, V::arbitrary(from)?))).collect()
}

/// The same, with values of any kind.
pub(crate) fn object(from: &mut Unstructured<'_>) -> arbitrary::Result<Map<String, Value>> {
    (0..from.int_in_range(0..=3)?).map(|_| Ok((name(from)?, any(from)?))).collect()
}

fn name(from: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let names = ["a", "b", "c", "longName", "long-name", "next", "left", "right", "kind", "kids", "more"];
    Ok((*from.choose(&names)?).to_owned())
}
