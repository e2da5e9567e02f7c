//! Contracts of `rust_decimal`. A decimal is written as a string, to keep all digits and trailing zeros, and read from a string
//! or number.

use rust_decimal::Decimal;

use crate::contract::{Contract, EnumShape, Repr, Shape, Variant};

const TEXT: &Shape = &Shape::Str { format: Some("decimal") };

const READ: Shape = Shape::Enum(EnumShape {
    repr: Repr::Untagged,
    variants: &[
        Variant::content("Text", "Text", true, TEXT),
        Variant::content("Number", "Number", true, &Shape::Number),
    ],
    deny_unknown: false,
});

impl Contract for Decimal {
    const SHAPE: &'static Shape = &Shape::Split { write: TEXT, read: &READ };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::contract::testing::assert_contract;
    use crate::contract::{decode, encode};

    #[test]
    fn the_form_is_the_published_one() {
        assert_contract::<Decimal>();
        assert_contract::<Vec<Option<Decimal>>>();
    }

    #[test]
    fn an_edge_into_a_decimal_loses_nothing() {
        let fits = |from, to| crate::contract::fits(from, to).ok();
        assert!(fits(Decimal::SHAPE, Decimal::SHAPE) && fits(Decimal::SHAPE, String::SHAPE));
        assert!(fits(u64::SHAPE, Decimal::SHAPE) && fits(f64::SHAPE, Decimal::SHAPE));
        assert!(!fits(String::SHAPE, Decimal::SHAPE), "a string may not be a decimal");
        assert!(!fits(Decimal::SHAPE, f64::SHAPE) && !fits(Decimal::SHAPE, u64::SHAPE));
    }

    #[test]
    fn digits_that_are_typed_are_not_read_as_a_float() {
        use crate::contract::means_text;
        for text in ["12345678901234567890.12", "1.10", "7"] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert!(means_text(Decimal::SHAPE, &[], &value, text), "{text}");
            assert!(means_text(<Option<Decimal>>::SHAPE, &[], &value, text), "{text}");
        }
        assert!(!means_text(<Option<Decimal>>::SHAPE, &[], &Value::Null, "null"));
    }

    #[test]
    fn a_decimal_is_read_from_a_string_and_from_a_number() {
        let read = |value: Value| decode::<Decimal>(value).map(|decimal| decimal.to_string());
        for (value, text) in [
            (json!("1.10"), "1.10"),
            (json!("-0.000000000000000000000001"), "-0.000000000000000000000001"),
            (json!("79228162514264337593543950335"), "79228162514264337593543950335"),
            (json!(1.1), "1.1"),
            (json!(3), "3"),
            (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
        ] {
            assert_eq!(read(value.clone()).as_deref(), Ok(text), "{value}");
        }
        for value in [json!("1,10"), json!(""), json!(null), json!("79228162514264337593543950336")] {
            assert!(read(value.clone()).is_err(), "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_lost_on_the_way_through_json(digits in any::<i128>(), scale in 0..=28_u32) {
            let digits = digits % (1_i128 << 96);
            let decimal = Decimal::from_i128_with_scale(digits, scale);
            let text = serde_json::to_string(&encode(&decimal).unwrap()).unwrap();
            let again = decode::<Decimal>(serde_json::from_str(&text).unwrap()).unwrap();
            // `==` alone would not notice a lost trailing zero.
            prop_assert_eq!((again, again.scale()), (decimal, decimal.scale()));
        }
    }
}
