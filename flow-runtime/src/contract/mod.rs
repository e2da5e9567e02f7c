//! Contracts: the JSON shapes of inputs and outputs, known at compile time.
//!
//! [`Contract::SHAPE`] is constant data. In constants, [`edge`] compares two shapes, [`project`] follows a field,
//! [`survives_round_trip`] checks a step's output and [`flaws`] any contract. [`decode`] and [`schema`] work at run time.

mod buffered;
mod compare;
mod decode;
mod definitions;
mod depth;
mod encode;
mod impls;
mod json;
mod lookup;
mod media;
mod members;
mod numbers;
mod project;
mod prose;
mod read_back;
mod render;
mod report;
mod round_trip;
mod schema;
mod sets;
mod shape;
pub(crate) mod sound;
pub mod testing;
mod text;
mod unchanged;
mod validate;
mod words;
mod written;

pub use compare::{Evolution, compare, compare_evolved, edge, fits};
pub(crate) use decode::violations;
pub use decode::{check, decode};
pub use definitions::Definitions;
pub use depth::MAX_DEPTH;
pub(crate) use depth::too_deep;
pub(crate) use encode::{encode, encode_at};
pub(crate) use json::parse_json_prefix;
pub use json::{Unparsed, parse_json};
pub use lookup::{Lookup, field_by_wire_name, nearest_name};
pub use media::MediaKind;
pub(crate) use media::{HASH, in_records, is_recorded, is_web_address, signature};
pub use members::Direction;
pub use project::{Projection, Seg, is_object, project};
pub(crate) use read_back::{Ways, read_back};
pub use render::render;
pub use report::{Report, enforce};
pub(crate) use round_trip::surely_survives;
pub use round_trip::survives_round_trip;
pub use schema::schema;
pub(crate) use sets::sorted;
pub use shape::{
    Access, Def, DefPtr, EnumShape, Field, Member, Repr, Shape, StructShape, Variant, is_optional, is_same,
};
pub use sound::flaws;
pub(crate) use text::equal;
pub use text::{Text, hash};
pub(crate) use unchanged::Following;
pub use unchanged::{Standing, Unchanged};
pub use validate::{means_only_text, means_text, takes_media, takes_text, validate};
pub(crate) use written::{Written, written};

pub use crate::violation::Violation;
pub(crate) use validate::{each_attached, unknown_fields, with_integers};
pub use words::{ShapeText, shape_text};

/// A type whose JSON shape is known at compile time.
///
/// Put `#[contract]` on a struct or enum. Standard types are contracts already.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a contract",
    label = "its JSON shape is not known",
    note = "add `#[contract]` to the type, or declare its wire form with `#[contract(as = Type)]` or `#[contract(opaque = \"name\")]` on the field",
    note = "see flow::errors::no_contract"
)]
pub trait Contract {
    /// The wire shape in both directions: what is written and what is read.
    const SHAPE: &'static Shape;
}
