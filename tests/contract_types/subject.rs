//! A real type: what it writes, what it reads, and what it publishes.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::{Arbitrary, Unstructured};
use flow::schemars::JsonSchema;
use flow::serde::{Serialize, de::DeserializeOwned};
use flow::serde_json::{self, Map, Value, json};
use flow_runtime::contract::{Contract, Direction, Member, Shape, flaws, schema, survives_round_trip};

use super::random::Random;
use super::reader::{Reading, reading};

/// How many values are tried for each that is kept; many are the same.
const TRIES: usize = 3;

/// A type and what it does with JSON.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
    /// What it writes it reads again, as the output of a step must.
    pub(crate) survives: bool,
    pub(crate) schema: Value,
    /// It reads more than it publishes: aliases, names that no variant has, or one value twice in a set.
    lenient: bool,
    validator: jsonschema::Validator,
    write: fn(&mut Unstructured<'_>) -> Option<Value>,
    /// What it reads, and what it writes of that.
    read: fn(&Value) -> Option<Option<Value>>,
}

/// What is to be known of a type.
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
    /// What serde reads.
    pub(crate) fn reads(&self, value: &Value) -> bool {
        (self.read)(value).is_some()
    }

    /// What it writes of a value that it has read.
    pub(crate) fn rewrites(&self, value: &Value) -> Option<Value> {
        (self.read)(value)?
    }

    /// What the published schema allows.
    pub(crate) fn publishes(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// What can be handed to it: serde reads a number that it rounds, but it is another one then.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        let rounded = reading(self.shape, value) == Reading::Rounded;
        self.reads(value) && !rounded && (self.lenient || self.publishes(value))
    }

    /// It reads what it writes, and as the same shape.
    pub(crate) fn is_symmetric(&self) -> bool {
        self.survives && !matches!(self.shape.def().map_or(self.shape, |def| &def.body), Shape::Split { .. })
    }

    /// It reads nothing that is not there.
    pub(crate) fn has_no_defaults(&self) -> bool {
        let text = format!("{:?}", self.shape.def().map_or(self.shape, |def| &def.body));
        self.is_symmetric()
            && !text.contains("required: false")
            && !["Named", "Generic", "Ref"].iter().any(|word| text.contains(word))
            && !self.lenient
    }

    /// Something of its definition, by name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.name.contains(name)
    }

    /// Different values that the type writes, up to a number. A flattened map that repeats the name of a field makes an object that
    /// the type itself cannot read; such a value is no output of a step.
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

/// Bytes of which numbers at the ends of their ranges and strings that are names of fields are made.
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

/// Any JSON value.
pub(crate) fn any(from: &mut Unstructured<'_>) -> arbitrary::Result<Value> {
    let values =
        [Value::Null, json!(7), json!(-0.5), json!("text"), json!([[true]]), json!({"a": 1}), json!({"a": "1"})];
    Ok(from.choose(&values)?.clone())
}

/// A map with the names of fields among its keys.
pub(crate) fn entries<V: for<'a> Arbitrary<'a>>(from: &mut Unstructured<'_>) -> arbitrary::Result<BTreeMap<String, V>> {
    (0..from.int_in_range(0..=3)?).map(|_| Ok((name(from)?, V::arbitrary(from)?))).collect()
}

/// The same with values of any kind.
pub(crate) fn object(from: &mut Unstructured<'_>) -> arbitrary::Result<Map<String, Value>> {
    (0..from.int_in_range(0..=3)?).map(|_| Ok((name(from)?, any(from)?))).collect()
}

fn name(from: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let names = ["a", "b", "c", "longName", "long-name", "next", "left", "right", "kind", "kids", "more"];
    Ok((*from.choose(&names)?).to_owned())
}
