//! By-value arguments of a step that may run twice.

/// Copies an argument. Inherent if the type is `Clone`; [`NoClone`] is the fallback.
#[derive(Debug)]
pub struct Copier<'a, T>(pub &'a T);

impl<T: Clone> Copier<'_, T> {
    /// The type is `Clone`.
    pub const CLONES: bool = true;

    /// Returns a copy.
    pub fn copy(self) -> T {
        self.0.clone()
    }
}

/// The fallback of [`Copier`] for a type that is not `Clone`.
pub trait NoClone<T>: Sized {
    /// The type is not `Clone`.
    const CLONES: bool = false;

    /// Never called: the build has failed.
    ///
    /// # Panics
    ///
    /// Always.
    fn copy(self) -> T {
        unreachable!("the build rejects a repeated argument that is not `Clone`")
    }
}

impl<T> NoClone<T> for Copier<'_, T> {}

/// A by-value argument of a generic step that may run twice.
#[diagnostic::on_unimplemented(
    message = "a generic step that may need its arguments more than once takes `{Self}` by value, which is not `Clone`: take it by reference, bound its type by `Clone`, or remove what repeats the step (`retry`, `fallback`, a gate with arguments); see flow::errors::not_clone",
    label = "not `Clone`"
)]
pub trait Repeated {}

#[diagnostic::do_not_recommend]
impl<T: Clone> Repeated for T {}

/// Reports an argument of a generic step that is needed twice but is not `Clone`.
pub const fn require_repeated<T: Repeated>() {}
