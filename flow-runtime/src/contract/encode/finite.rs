//! Finds `NaN` and infinite numbers with a serializer that writes nothing.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};
use serde_json::Error;

use crate::contract::Violation;

/// Every non-finite number in a value, by JSON Pointer; the pointers start with `path`.
pub(super) fn violations<T: Serialize + ?Sized>(path: &[&str], value: &T) -> Vec<Violation> {
    let mut finder = Finder { path: path.iter().map(ToString::to_string).collect(), found: Vec::new() };
    // Errors of serde were reported when the value was written.
    let _ = value.serialize(&mut finder);
    finder.found
}

struct Finder {
    path: Vec<String>,
    found: Vec<Violation>,
}

impl Finder {
    fn float(&mut self, number: f64) -> Result<(), Error> {
        if !number.is_finite() {
            self.found.push(Violation::new(&self.path, "a finite number", &number.to_string()));
        }
        Ok(())
    }

    fn at<T: Serialize + ?Sized>(&mut self, name: impl Into<String>, value: &T) -> Result<(), Error> {
        self.path.push(name.into());
        let looked = value.serialize(&mut *self);
        self.path.pop();
        looked
    }

    fn parts(&mut self, variant: Option<&str>) -> Parts<'_> {
        let depth = self.path.len();
        self.path.extend(variant.map(str::to_owned));
        Parts { finder: self, depth, next: 0, key: String::new() }
    }
}

/// The items or fields of a value.
struct Parts<'a> {
    finder: &'a mut Finder,
    /// The length of the path before the variant was added.
    depth: usize,
    next: usize,
    key: String,
}

impl Parts<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next += 1;
        self.finder.at((self.next - 1).to_string(), value)
    }

    fn close(self) -> Result<(), Error> {
        self.finder.path.truncate(self.depth);
        Ok(())
    }
}

macro_rules! nothing_to_see {
    ($($method:ident($($type:ty),*);)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<(), Error> {
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Finder {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    nothing_to_see! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_f32(self, number: f32) -> Result<(), Error> {
        self.float(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Error> {
        self.float(number)
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, _: &T) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.at(variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts(None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts(None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        Ok(self.parts(Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts(None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        Ok(self.parts(Some(variant)))
    }
}

macro_rules! lists {
    ($($list:ident::$item:ident;)*) => {
        $(impl $list for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn $item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

macro_rules! objects {
    ($($object:ident;)*) => {
        $(impl $object for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.finder.at(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        })*
    };
}

objects! {
    SerializeStruct;
    SerializeStructVariant;
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let key = serde_json::to_value(key)?;
        self.key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.finder.at(std::mem::take(&mut self.key), value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Serialize)]
    enum Shape {
        Circle(f64),
        Line { from: f32, to: Option<f64> },
        Pair(u8, f64),
        None,
    }

    fn pointers<T: Serialize>(value: &T) -> Vec<String> {
        violations(&["x"], value).into_iter().map(|violation| violation.pointer).collect()
    }

    #[test]
    fn every_number_that_is_none_is_found_where_json_would_have_it() {
        let shapes = [
            Shape::Circle(f64::NAN),
            Shape::Line { from: f32::INFINITY, to: Some(f64::NAN) },
            Shape::Pair(1, f64::NEG_INFINITY),
            Shape::Circle(1.0),
            Shape::Line { from: 0.0, to: None },
            Shape::None,
        ];
        let expected = ["/x/a/0/Circle", "/x/a/1/Line/from", "/x/a/1/Line/to", "/x/a/2/Pair/1"];
        assert_eq!(pointers(&BTreeMap::from([("a", shapes)])), expected);
        assert_eq!(pointers(&f64::NAN), ["/x"]);
        assert_eq!(pointers(&(BTreeMap::from([(7, f32::NAN)]), "text")), ["/x/0/7"]);
    }
}
