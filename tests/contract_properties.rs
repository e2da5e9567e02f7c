//! The law of the comparison, on shapes nobody thought of.
//!
//! If it accepts an edge, every value the producer writes is one the consumer reads, by our own validator and by a JSON Schema
//! validator. If it refuses, there is a value that one of the two refuses.

use flow::contract::{Direction, Shape, fits, render, validate};
use flow::serde_json::Value;
use proptest::prelude::*;

#[path = "contracts/random.rs"]
mod random;
#[path = "contracts/shapes.rs"]
mod shapes;
#[path = "contracts/values.rs"]
mod values;

use random::Random;

/// Values tried for each pair.
const VALUES: usize = 12;
/// Values tried in search of one that shows why a pair was refused.
const SEARCHED: usize = 3000;

/// An enum with tags is read as an enum of the same representation or not at all, even where an object of another kind
/// would happen to take every variant; and a value that is written need not be split up among alternatives that take it. What serde cannot read is not the validators' business.
fn is_deliberate(report: &str) -> bool {
    report.contains("serde cannot read")
        || report.contains("one of several shapes")
        || report.contains("found one of `")
        || report.contains("expected an enum ")
}

struct Reader {
    shape: &'static Shape,
    schema: Value,
    validator: jsonschema::Validator,
    /// A schema does not tell other names of a field.
    aliased: bool,
}

impl Reader {
    fn of(shape: &'static Shape) -> Self {
        let schema = render(shape, Direction::Read);
        let validator = jsonschema::validator_for(&schema).expect("a rendered schema is a schema");
        let aliased = format!("{shape:?}").contains("another");
        Self { shape, schema, validator, aliased }
    }

    fn reads(&self, value: &Value) -> bool {
        self.objection(value).is_none()
    }

    fn objection(&self, value: &Value) -> Option<String> {
        let ours = validate(self.shape, value);
        if !ours.is_empty() {
            return Some(format!("our validator: {ours:?}"));
        }
        if self.aliased {
            return None;
        }
        let theirs = self.validator.validate(value).err()?;
        Some(format!("jsonschema: {theirs}\n{:#}", self.schema))
    }
}

fn pair(seed: u64) -> (&'static Shape, &'static Shape, Random) {
    let mut random = Random::new(seed);
    let from = shapes::shape(&mut random, 3);
    let to = if random.one_in(5) { shapes::shape(&mut random, 3) } else { shapes::changed(&mut random, from) };
    (from, to, random)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_can_be_read(seed: u64) {
        let (from, to, mut random) = pair(seed);
        if fits(from, to).ok() {
            let reader = Reader::of(to);
            for _ in 0..VALUES {
                let value = values::written(&mut random, from);
                let objection = reader.objection(&value);
                prop_assert!(objection.is_none(), "{from:?}\nfits\n{to:?}\nbut {value}\n{}", objection.unwrap_or_default());
            }
        }
    }

    #[test]
    fn what_is_refused_cannot_always_be_read(seed: u64) {
        let (from, to, mut random) = pair(seed);
        let report = fits(from, to);
        if !report.ok() && !is_deliberate(report.as_str()) {
            let reader = Reader::of(to);
            let refused = (0..SEARCHED).any(|_| !reader.reads(&values::written(&mut random, from)));
            prop_assert!(refused, "{from:?}\ndoes not fit\n{to:?}\n{report}\nbut every value tried can be read");
        }
    }

    #[test]
    fn a_shape_reads_what_it_writes(seed: u64) {
        let mut random = Random::new(seed);
        let shape = shapes::symmetric(&mut random, 3);
        prop_assert!(fits(shape, shape).ok(), "{shape:?}\n{}", fits(shape, shape));
    }
}

/// The laws above are empty if everything is refused, or nothing.
#[test]
fn both_answers_are_common() {
    let accepted = (0..2000)
        .filter(|seed| {
            let (from, to, _) = pair(*seed);
            fits(from, to).ok()
        })
        .count();
    assert!((300..1700).contains(&accepted), "{accepted} of 2000 pairs fit");
}
