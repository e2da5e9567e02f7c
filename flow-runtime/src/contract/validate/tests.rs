use serde_json::json;

use super::*;
use crate::contract::{Contract, EnumShape, Member, Repr, StructShape, Variant};

fn first<T: Contract>(value: Value) -> String {
    validate(T::SHAPE, &value).first().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn what_can_be_read_is_not_mentioned() {
    assert_eq!(first::<Vec<Option<u8>>>(json!([1, null, 255])), "");
    assert_eq!(first::<std::collections::BTreeMap<u8, bool>>(json!({"7": true})), "");
}

#[test]
fn an_integer_with_a_point_is_a_float() {
    assert_eq!(first::<u8>(json!(1.0)), "expected integer (0..=255), found number 1.0");
}

#[test]
fn an_element_is_named_by_its_index() {
    assert_eq!(first::<(u8, Vec<bool>)>(json!([1, [true, 0]])), "at `/1/1`: expected boolean, found number 0");
}

#[test]
fn a_key_is_the_text_of_a_value() {
    let found = first::<std::collections::BTreeMap<u8, bool>>(json!({"300": true}));
    assert_eq!(found, "at `/300`: expected a key that is integer (0..=255), found \"300\"");
}

#[test]
fn a_key_is_an_integer_as_json_writes_it() {
    for key in ["01", "+1", "1.0", "1e0", " 1", "-0", ""] {
        let found = first::<std::collections::BTreeMap<i64, bool>>(json!({ key: true }));
        assert!(found.contains("expected a key that is integer"), "{key}: {found}");
    }
    for key in ["0", "-1", "9223372036854775807"] {
        assert_eq!(first::<std::collections::BTreeMap<i64, bool>>(json!({ key: true })), "");
    }
}

#[test]
fn a_number_that_is_infinite_to_its_type_is_refused() {
    for number in [json!(1e39), json!(-3.5e38), json!(f64::MAX)] {
        let found = first::<Vec<f32>>(json!([0, number]));
        let told = format!("at `/1`: expected number (-3.4028235e38..=3.4028235e38), found number {number}");
        assert_eq!(found, told);
        assert_eq!(first::<f64>(number), "");
    }
    for number in [json!(f32::MAX), json!(-0.0), json!(1e-300), json!(u64::MAX)] {
        assert_eq!(first::<f32>(number), "");
    }
}

#[test]
fn a_long_text_is_cut() {
    let found = first::<bool>(json!("x".repeat(500)));
    assert!(found.len() < 120 && found.ends_with('…'), "{found}");
}

#[test]
fn a_flattened_enum_is_one_entry_among_others() {
    const KIND: Shape = Shape::Enum(EnumShape {
        repr: Repr::External,
        variants: &[Variant::content("A", "A", true, &Shape::Bool)],
        deny_unknown: false,
    });
    const FLAT: &Shape =
        &Shape::Struct(StructShape { members: &[Member::Flatten { rust: "kind", shape: &KIND }], deny_unknown: false });
    let told = |value| validate(FLAT, &value).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told(json!({"other": 1, "A": true})), [""; 0]);
    assert_eq!(told(json!({"other": 1, "A": 2})), ["at `/A`: expected boolean, found number 2"]);
    assert_eq!(told(json!({"other": 1, "more": 2})), ["expected one of `A`, found object"]);
}
