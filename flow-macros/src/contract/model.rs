//! The input of the expansion: names, types and decisions, but no tokens.

use syn::{Generics, Ident, Type};

use super::own::Wire;

pub(super) struct Model {
    pub(super) name: Ident,
    pub(super) generics: Generics,
    pub(super) body: Body,
    pub(super) access: Access,
    /// The type that `from` or `try_from` reads instead.
    pub(super) reads: Option<Type>,
    /// The type that `into` writes instead.
    pub(super) writes: Option<Type>,
    /// A transparent wrapper around an `Option` counts as an `Option`: a field of that type may be absent.
    pub(super) transparent: bool,
}

/// How the Rust fields map to the body.
pub(super) enum Access {
    Members,
    Inner(String),
    Hidden,
}

/// The JSON form of the type's own fields.
pub(super) enum Body {
    Null,
    /// The same JSON as its only field.
    Wrapper(Part),
    Tuple(Vec<Part>),
    Object(Object),
    Enum(Enum),
}

/// A type inside the contract, with its JSON form if `#[contract(…)]` overrides it.
pub(super) struct Part {
    pub(super) ty: Box<Type>,
    pub(super) wire: Option<Wire>,
}

pub(super) struct Object {
    pub(super) members: Vec<Member>,
    pub(super) deny_unknown: bool,
}

pub(super) enum Member {
    Field(Field),
    Flatten {
        rust: String,
        part: Part,
    },
    /// Neither written nor read. Part of the shape because its value is lost in a round trip.
    Skipped {
        rust: String,
    },
}

pub(super) struct Field {
    pub(super) rust: String,
    pub(super) ser: Option<String>,
    pub(super) de: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) always_written: bool,
    pub(super) never_null: bool,
    pub(super) required: Required,
    pub(super) by_hand: bool,
    pub(super) part: Part,
}

/// Whether the field must be present in the input.
pub(super) enum Required {
    Yes,
    No,
    /// Decided by a constant in the user's crate, because an alias may hide an `Option` from the macro.
    UnlessOption,
}

pub(super) struct Enum {
    pub(super) repr: Repr,
    pub(super) variants: Vec<Variant>,
    pub(super) deny_unknown: bool,
}

pub(super) enum Repr {
    External,
    Internal { tag: String },
    Adjacent { tag: String, content: String },
    Untagged,
}

pub(super) struct Variant {
    pub(super) ident: Ident,
    pub(super) rust: String,
    pub(super) ser: Option<String>,
    pub(super) de: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) other: bool,
    pub(super) content: Content,
}

pub(super) enum Content {
    Unit,
    Newtype(Part),
    Tuple(Vec<Part>),
    Object(Object),
}

/// The last name of a type's path: `Option` of `std::option::Option<T>`.
pub(super) fn last_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(),
        Type::Group(group) => last_name(&group.elem),
        Type::Paren(paren) => last_name(&paren.elem),
        _ => String::new(),
    }
}

/// Whether the type, when flattened, writes no required fields.
pub(super) fn may_be_absent(ty: &Type) -> bool {
    matches!(last_name(ty).as_str(), "Option" | "HashMap" | "BTreeMap" | "Map" | "Value")
}

impl Model {
    /// All types the shape is built from.
    pub(super) fn types(&self) -> impl Iterator<Item = &Type> {
        let parts = match &self.body {
            Body::Null => Vec::new(),
            Body::Wrapper(part) => vec![part],
            Body::Tuple(parts) => parts.iter().collect(),
            Body::Object(object) => object.parts().collect(),
            Body::Enum(one_of) => one_of.variants.iter().flat_map(|variant| variant.content.parts()).collect(),
        };
        parts.into_iter().filter_map(Part::ty).chain(&self.reads).chain(&self.writes)
    }
}

impl Object {
    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.members.iter().filter_map(|member| match member {
            Member::Field(field) => Some(&field.part),
            Member::Flatten { part, .. } => Some(part),
            Member::Skipped { .. } => None,
        })
    }
}

impl Content {
    pub(super) fn parts(&self) -> Vec<&Part> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(part) => vec![part],
            Self::Tuple(parts) => parts.iter().collect(),
            Self::Object(object) => object.parts().collect(),
        }
    }
}

impl Part {
    /// The type that determines the shape.
    fn ty(&self) -> Option<&Type> {
        match &self.wire {
            None => Some(&self.ty),
            Some(Wire::As(ty)) => Some(ty),
            Some(Wire::Opaque(_)) => None,
        }
    }
}
