//! Definitions of named types, and the pointer that lets them be recursive.

use core::fmt;

use super::super::text::equal;
use super::Shape;

/// A named type.
#[derive(Debug)]
pub struct Def {
    /// Package, version, module and place of the definition: equal ids are the same type, or instances of it.
    pub id: &'static str,
    /// The name a reader knows it by.
    pub name: &'static str,
    /// The [hash](crate::contract::hash) of the name, so that most comparisons of ids end early.
    pub hash: u64,
    /// How the fields in Rust relate to the body.
    pub access: Access,
    /// What it looks like on the wire.
    pub body: Shape,
}

impl Def {
    /// Whether both define one type, or instances of it.
    pub(crate) const fn is(&self, other: &Self) -> bool {
        self.hash == other.hash && equal(self.id, other.id)
    }
}

// SAFETY: all its fields are, as the assertion says. Said here, rustc need not look through every shape at each definition.
#[allow(unsafe_code)]
unsafe impl Sync for Def {}
const _: fn() = || {
    const fn is_sync<T: Sync>() {}
    is_sync::<(&'static str, u64, Access, Shape)>();
};

/// How the fields in Rust relate to the shape on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The body has the fields as members.
    Members,
    /// The type is written as its only field is: `0`, or the name of a transparent struct's field.
    Inner(&'static str),
    /// The body is another type's (`into`): the fields are not in it.
    Hidden,
}

/// A pointer to a definition in a `static`.
///
/// A reference would let the validation of constants follow recursive types for ever; it does not follow raw pointers.
#[derive(Clone, Copy)]
pub struct DefPtr(*const Def);

// SAFETY: it stands for a `&'static Def`, which any thread may read.
#[allow(unsafe_code)]
unsafe impl Send for DefPtr {}
// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl Sync for DefPtr {}

impl DefPtr {
    /// A pointer to a definition. It is not looked into, so it may be the one that is being made.
    pub const fn new(def: &'static Def) -> Self {
        Self(def)
    }

    /// A pointer to a definition that may contain it, kept for ever. `make` passes it on and does not look into it.
    pub(crate) fn tied(make: impl FnOnce(Self) -> Def) -> Self {
        let place: *mut Def = Box::leak(Box::<Def>::new_uninit()).as_mut_ptr();
        let def = make(Self(place));
        // SAFETY: the place was made for it, and nobody has another way to it.
        #[allow(unsafe_code)]
        unsafe {
            place.write(def);
        }
        Self(place)
    }

    /// The definition.
    pub const fn get(self) -> &'static Def {
        // SAFETY: it was made from a reference that is valid for ever.
        #[allow(unsafe_code)]
        unsafe {
            &*self.0
        }
    }
}

impl fmt::Debug for DefPtr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The name alone: the body may lead back here.
        f.write_str(self.get().name)
    }
}
