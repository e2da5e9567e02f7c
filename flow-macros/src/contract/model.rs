//! What the expansion needs to know of a contract: names, types and decisions, no tokens.

use syn::{Generics, Ident, Type};

use super::own::Wire;

/// A contract.
pub(super) struct Model {
    pub(super) name: Ident,
    pub(super) generics: Generics,
    pub(super) body: Body,
    pub(super) access: Access,
    /// What `from` or `try_from` reads instead.
    pub(super) reads: Option<Type>,
    /// What `into` writes instead.
    pub(super) writes: Option<Type>,
    /// A transparent wrapper of an option is an option itself: a field of it may be absent.
    pub(super) transparent: bool,
}

/// How the fields in Rust relate to the body.
pub(super) enum Access {
    Members,
    Inner(String),
    Hidden,
}

/// The wire form of the type's own fields.
pub(super) enum Body {
    Null,
    /// The same as one field.
    Wrapper(Part),
    Tuple(Vec<Part>),
    Object(Object),
    Enum(Enum),
}

/// A type somewhere in the contract, and what it is on the wire if that is not its own business.
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
    /// Neither written nor read: in the shape only because a value does not survive it.
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

/// Whether a value without the field can be read.
pub(super) enum Required {
    Yes,
    No,
    /// Unless it is an option, which an alias can hide from us but not from a constant.
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

/// Flattened, the type writes no field that anyone requires.
pub(super) fn may_be_absent(ty: &Type) -> bool {
    matches!(last_name(ty).as_str(), "Option" | "HashMap" | "BTreeMap" | "Map" | "Value")
}

impl Model {
    /// Every type that the shape is made of.
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
    /// The type whose shape is taken.
    fn ty(&self) -> Option<&Type> {
        match &self.wire {
            None => Some(&self.ty),
            Some(Wire::As(ty)) => Some(ty),
            Some(Wire::Opaque(_)) => None,
        }
    }
}
