//! Arguments by value of a step that may run twice.

/// Makes a copy of an argument. Inherent where it can; [`NoClone`] answers for all other types.
#[derive(Debug)]
pub struct Copier<'a, T>(pub &'a T);

impl<T: Clone> Copier<'_, T> {
    /// It can.
    pub const CLONES: bool = true;

    /// A copy.
    pub fn copy(self) -> T {
        self.0.clone()
    }
}

/// The names of [`Copier`] for a type that is not `Clone`.
pub trait NoClone<T>: Sized {
    /// It cannot.
    const CLONES: bool = false;

    /// Never called: the build has stopped.
    ///
    /// # Panics
    ///
    /// Always.
    fn copy(self) -> T {
        unreachable!("the build refuses a repeated argument that is not `Clone`")
    }
}

impl<T> NoClone<T> for Copier<'_, T> {}

/// What a generic step may take by value though it may run twice.
#[diagnostic::on_unimplemented(
    message = "a generic step that may need its arguments more than once takes `{Self}` by value, which is not `Clone`: take it by reference, bound its type by `Clone`, or leave out what repeats the step (`retry`, `fallback`, a gate with arguments); see flow::errors::not_clone",
    label = "not `Clone`"
)]
pub trait Repeated {}

#[diagnostic::do_not_recommend]
impl<T: Clone> Repeated for T {}

/// Complains about an argument of a generic step that is needed twice.
pub const fn require_repeated<T: Repeated>() {}
