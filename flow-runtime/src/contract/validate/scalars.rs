//! Values without parts.

use serde_json::{Number, Value};

use crate::contract::Shape;

pub(super) fn scalar_reads(shape: &Shape, value: &Value) -> bool {
    match (shape, value) {
        (Shape::Any | Shape::Opaque(_), _)
        | (Shape::Null, Value::Null)
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Number, Value::Number(_)) => true,
        // serde reads a number that is too large as infinity.
        (Shape::Float { bits: f32::MANTISSA_DIGITS }, Value::Number(number)) => {
            number.as_f64().is_some_and(|number| (number as f32).is_finite())
        }
        (Shape::Float { .. }, Value::Number(_)) => true,
        (Shape::Int { min, max }, Value::Number(number)) => integer(number).is_some_and(|n| (*min..=*max).contains(&n)),
        (Shape::Char, Value::String(text)) => text.chars().count() == 1,
        (Shape::Str { format }, Value::String(text)) => format.is_none_or(|format| has_format(text, format)),
        _ => false,
    }
}

/// `1.0` is an integer for JSON Schema but not for serde, see [`with_integers`](super::with_integers).
fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// Only formats that the standard library can parse.
fn has_format(text: &str, format: &str) -> bool {
    match format {
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "ip" => text.parse::<std::net::IpAddr>().is_ok(),
        "socket-address" => text.parse::<std::net::SocketAddr>().is_ok(),
        "socket-address-v4" => text.parse::<std::net::SocketAddrV4>().is_ok(),
        "socket-address-v6" => text.parse::<std::net::SocketAddrV6>().is_ok(),
        _ => true,
    }
}
