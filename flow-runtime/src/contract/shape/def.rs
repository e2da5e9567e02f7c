//! Definitions of named types, and the pointer that lets them be recursive.

use core::fmt;

use super::super::text::equal;
use super::Shape;

/// A named type.
#[derive(Debug)]
pub struct Def {
    /// Package, version, module and position of the definition: equal ids are the same type, or instances of the same type.
    pub id: &'static str,
    /// The name for readers.
    pub name: &'static str,
    /// The [hash](crate::contract::hash) of the name, so that most comparisons of ids end early.
    pub hash: u64,
    /// How the Rust fields relate to the body.
    pub access: Access,
    /// The wire form.
    pub body: Shape,
}

impl Def {
    /// Whether both define the same type, or instances of it.
    pub(crate) const fn is(&self, other: &Self) -> bool {
        self.hash == other.hash && equal(self.id, other.id)
    }
}

// SAFETY: all fields are `Sync`, as asserted below. The manual impl saves rustc from checking all shapes at each definition.
#[allow(unsafe_code)]
unsafe impl Sync for Def {}
const _: fn() = || {
    const fn is_sync<T: Sync>() {}
    is_sync::<(&'static str, u64, Access, Shape)>();
};

/// How the Rust fields relate to the wire form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The body has the fields as members.
    Members,
    /// The type is written like its only field: `0`, or the name of a transparent struct's field.
    Inner(&'static str),
    /// The body is another type's (`into`), so the fields are not in it.
    Hidden,
}

/// A pointer to a definition in a `static`.
///
/// Validation of constants would follow references in recursive types forever, but does not follow raw pointers.
#[derive(Clone, Copy)]
pub struct DefPtr(*const Def);

// SAFETY: it stands for a `&'static Def`, which is `Send`.
#[allow(unsafe_code)]
unsafe impl Send for DefPtr {}
// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl Sync for DefPtr {}

impl DefPtr {
    /// Creates a pointer to a definition. It is not dereferenced here, so the definition may still be under construction.
    pub const fn new(def: &'static Def) -> Self {
        Self(def)
    }

    /// Leaks a definition that may contain the pointer to itself. `make` must not dereference the pointer.
    pub(crate) fn tied(make: impl FnOnce(Self) -> Def) -> Self {
        let place: *mut Def = Box::leak(Box::<Def>::new_uninit()).as_mut_ptr();
        let def = make(Self(place));
        // SAFETY: the memory was allocated for this, and nothing else accesses it.
        #[allow(unsafe_code)]
        unsafe {
            place.write(def);
        }
        Self(place)
    }

    /// Returns the definition.
    pub const fn get(self) -> &'static Def {
        // SAFETY: it was made from a `&'static` reference, or points to leaked, initialized memory.
        #[allow(unsafe_code)]
        unsafe {
            &*self.0
        }
    }
}

impl fmt::Debug for DefPtr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only the name: the body may be recursive.
        f.write_str(self.get().name)
    }
}
