use super::*;
use crate::contract::{Access, Contract, Def, DefPtr, Member, StructShape, hash};

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn field(name: String, shape: &'static Shape) -> Member {
    let name: &'static str = name.leak();
    Member::plain(name, shape)
}

fn object(members: Vec<Member>) -> &'static Shape {
    leak(Shape::Struct(StructShape { members: members.leak(), deny_unknown: false }))
}

fn named(id: &'static str, body: &'static Shape) -> &'static Shape {
    let def = leak(Def { id, name: id, hash: hash(id), access: Access::Members, body: *body });
    leak(Shape::Named(DefPtr::new(def)))
}

#[test]
fn the_comparison_is_constant() {
    const FITS: bool = fits(<Vec<Option<u8>>>::SHAPE, <Vec<Option<u32>>>::SHAPE).ok();
    const { assert!(FITS) };
}

#[test]
fn one_type_is_not_compared_with_itself() {
    // The bodies would not fit: comparing a type with itself skips them.
    let odd = named("odd", leak(Shape::Split { write: String::SHAPE, read: u8::SHAPE }));
    assert!(fits(odd, odd).ok());
    assert!(!fits(odd, named("other", leak(Shape::Split { write: String::SHAPE, read: u8::SHAPE }))).ok());
}

#[test]
fn an_integer_fits_a_float_that_holds_each_value() {
    for (bits, type_name) in [(f32::MANTISSA_DIGITS, "f32"), (f64::MANTISSA_DIGITS, "f64")] {
        let float = leak(Shape::Float { bits });
        let most = 1 << bits;
        for (min, max) in [(0, most), (-most, most), (-most, 0), (7, 7), (most, most)] {
            assert!(fits(leak(Shape::Int { min, max }), float).ok(), "{min}..={max} into {type_name}");
        }
        for (min, max) in [(0, most + 1), (-most - 1, 0), (i128::MIN, i128::MAX), (most + 1, most + 1)] {
            let report = fits(leak(Shape::Int { min, max }), float);
            let told = format!("at `.`: expected number ({type_name}), found integer ({min}..={max})");
            assert_eq!(report.as_str(), told);
        }
    }
}

#[test]
fn keys_that_are_numbers_are_not_rounded_either() {
    let keyed = |key| leak(Shape::Map { key, value: &Shape::Bool });
    assert!(fits(keyed(u32::SHAPE), keyed(f64::SHAPE)).ok());
    assert!(fits(keyed(u64::SHAPE), keyed(&Shape::Number)).ok());
    for (from, to) in [(u64::SHAPE, f64::SHAPE), (u32::SHAPE, f32::SHAPE), (f64::SHAPE, f32::SHAPE)] {
        assert!(fits(keyed(from), keyed(to)).as_str().contains("expected keys number"));
    }
}

#[test]
fn a_number_that_is_rounded_now_is_a_change() {
    let evolved = |was, now, evolution| {
        let unchanged = Unchanged::new(&[]);
        compare_evolved(Report::new(), &[], was, now, evolution, unchanged).as_str().to_owned()
    };
    let (whole, double, single) = (u64::SHAPE, f64::SHAPE, f32::SHAPE);
    let wide = "integer (0..=18446744073709551615)";
    assert_eq!(evolved(whole, double, Evolution::READ_NOW), format!("at `.`: was {wide}, is number (f64)"));
    assert_eq!(evolved(double, single, Evolution::KEPT), "at `.`: was number (f64), is number (f32)");
    assert_eq!(evolved(single, double, Evolution::READ_BEFORE), "at `.`: was number (f32), is number (f64)");
    for (was, now) in [(u32::SHAPE, double), (single, double), (double, double)] {
        assert_eq!(evolved(was, now, Evolution::READ_NOW), "");
    }
}

#[test]
fn equal_hashes_are_not_equal_ids() {
    let one = named("one", String::SHAPE);
    let def = leak(Def { id: "two", name: "two", hash: hash("one"), access: Access::Members, body: *u8::SHAPE });
    assert!(!fits(one, leak(Shape::Named(DefPtr::new(def)))).ok());
}

#[test]
fn more_than_can_be_compared_is_a_mismatch() {
    let wide = |inner: &'static Shape| object((0..5000).map(|n| field(format!("f{n}"), inner)).collect());
    let report = fits(wide(<Vec<u8>>::SHAPE), wide(<Vec<u32>>::SHAPE));
    assert!(report.as_str().contains("too large to compare"), "{report}");
}

#[test]
fn fields_are_found_in_any_order() {
    let names = |n: usize| field(format!("f{n}"), u8::SHAPE);
    let up = object((0..600).map(names).collect());
    let down = object((0..600).rev().map(names).collect());
    assert!(fits(up, down).ok());
    assert!(fits(down, up).ok());
}

#[test]
fn the_first_mismatches_are_told_and_the_others_counted() {
    let all = |shape| object((0..20).map(|n| field(format!("f{n}"), shape)).collect());
    let report = fits(all(String::SHAPE), all(u8::SHAPE));
    assert_eq!(report.mismatches(), 20);
    assert_eq!(report.as_str().lines().count(), 9);
    assert!(report.as_str().ends_with("… and 12 more"));
}

#[test]
fn a_long_path_is_cut_at_its_beginning() {
    let deep = |leaf| (0..100).fold(leaf, |inner, n| object(vec![field(format!("f{n}"), inner)]));
    let report = fits(deep(String::SHAPE), deep(u8::SHAPE));
    assert!(report.as_str().starts_with("at `…"), "{report}");
    assert!(report.as_str().contains(".f1.f0`: expected integer (0..=255), found string"), "{report}");
}

#[test]
fn nested_alternatives_need_little_stack() {
    use crate::contract::{EnumShape, Repr, Variant};
    let either = |shape: &'static Shape| {
        let variant = Variant {
            rust: "A",
            ser: Some("A"),
            de: Some("A"),
            aliases: &[],
            other: false,
            newtype: true,
            shape: Some(shape),
        };
        leak(Shape::Enum(EnumShape { repr: Repr::Untagged, variants: vec![variant].leak(), deny_unknown: false }))
    };
    let deep = |leaf| (0..20).fold(leaf, |inner, _| either(leak(Shape::Array(inner))));
    assert!(fits(deep(u8::SHAPE), deep(u32::SHAPE)).ok());
    assert!(!fits(deep(u32::SHAPE), deep(u8::SHAPE)).ok());
}

/// Six hundred fields in opposite orders, compared at compile time under the compiler's default limits.
mod wide {
    use super::*;

    const WIDTH: usize = 600;
    const DIGITS: [u8; WIDTH * 3] = digits();
    static TEXTS: [Member; WIDTH] = members(&Shape::Array(&Shape::Char), false);
    static READ: [Member; WIDTH] = members(&Shape::Array(&Shape::Str { format: None }), true);
    const FROM: Shape = Shape::Struct(StructShape { members: &TEXTS, deny_unknown: false });
    const TO: Shape = Shape::Struct(StructShape { members: &READ, deny_unknown: true });

    const _: () = crate::contract::enforce(&fits(&FROM, &TO));

    const fn digits() -> [u8; WIDTH * 3] {
        let mut digits = [b'0'; WIDTH * 3];
        let mut n = 0;
        while n < WIDTH {
            digits[n * 3] += (n / 100) as u8;
            digits[n * 3 + 1] += (n / 10 % 10) as u8;
            digits[n * 3 + 2] += (n % 10) as u8;
            n += 1;
        }
        digits
    }

    const fn name(n: usize) -> &'static str {
        let (_, rest) = DIGITS.as_slice().split_at(n * 3);
        let (name, _) = rest.split_at(3);
        match std::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => panic!("digits are ASCII"),
        }
    }

    const fn members(shape: &'static Shape, reverse: bool) -> [Member; WIDTH] {
        let mut members = [Member::Flatten { rust: "", shape }; WIDTH];
        let mut n = 0;
        while n < WIDTH {
            let name = name(if reverse { WIDTH - 1 - n } else { n });
            members[n] = Member::plain(name, shape);
            n += 1;
        }
        members
    }
}
