//! Functions as values: the description of a step is inferred from its function.

use std::future::Future;

use Missing as No;

use super::Call;
use crate::graph::{Meta, MetaPtr};

/// A function that returns a call: every `#[step]` and every `#[workflow]`.
#[diagnostic::on_unimplemented(
    message = "this function is neither a step nor a workflow",
    label = "not a step",
    note = "annotate the function with `#[step]` or `#[workflow]`",
    note = "see flow::errors::not_a_step"
)]
pub trait StepFn<A> {
    /// The call it returns.
    type Call: Call;
    /// The description of the step.
    const META: MetaPtr;
    /// Calls it.
    fn invoke(&self, arguments: A) -> Self::Call;
}

/// The parameters of any function, so that an argument can be adapted before the call is type-checked as a step.
pub trait Parameters<A> {
    /// What the function returns.
    type Returns;
}

/// The type of a parameter by position; [`Missing`] past the last.
pub trait Parameter<const I: usize> {
    /// The type.
    type Type;
}

/// The type of a parameter beyond the last; rustc's own error names the count.
#[derive(Debug)]
pub struct Missing;

/// The body of a step.
pub trait Body<A>: Send {
    /// What the body returns when it is awaited.
    type Output;
    /// The running body.
    type Future: Future<Output = Self::Output> + Send;
    /// Starts the body.
    fn start(&self, arguments: A) -> Self::Future;
}

/// Returns the description of a step or workflow: name, arguments, contracts, policy and, for a workflow, its graph.
#[track_caller]
pub const fn meta<A, F: StepFn<A>>(_: &F) -> &'static Meta {
    F::META.get()
}

macro_rules! functions {
    ($($arg:ident $value:ident),*) => {
        impl<F, R, $($arg),*> StepFn<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> R,
            R: Call,
        {
            type Call = R;
            const META: MetaPtr = R::META;

            fn invoke(&self, ($($value,)*): ($($arg,)*)) -> R {
                self($($value),*)
            }
        }

        impl<F, R, $($arg),*> Parameters<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> R,
        {
            type Returns = R;
        }

        impl<F, R, $($arg),*> Body<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> R + Send,
            R: Future + Send,
        {
            type Output = R::Output;
            type Future = R;

            fn start(&self, ($($value,)*): ($($arg,)*)) -> R {
                self($($value),*)
            }
        }
    };
}

functions!();
functions!(A0 a0);
functions!(A0 a0, A1 a1);
functions!(A0 a0, A1 a1, A2 a2);
functions!(A0 a0, A1 a1, A2 a2, A3 a3);
functions!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4);
functions!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5);
functions!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6);
functions!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6, A7 a7);

macro_rules! parameters {
    ($($params:tt $tuple:ty: $($index:literal $type:ty),*;)*) => {
        $($(parameters!(@one $params $tuple, $index, $type);)*)*
    };
    (@one [$($param:ident)*] $tuple:ty, $index:literal, $type:ty) => {
        impl<$($param),*> Parameter<$index> for $tuple {
            type Type = $type;
        }
    };
}

parameters! {
    [] (): 0 No, 1 No, 2 No, 3 No, 4 No, 5 No, 6 No, 7 No;
    [A] (A,): 0 A, 1 No, 2 No, 3 No, 4 No, 5 No, 6 No, 7 No;
    [A B] (A, B): 0 A, 1 B, 2 No, 3 No, 4 No, 5 No, 6 No, 7 No;
    [A B C] (A, B, C): 0 A, 1 B, 2 C, 3 No, 4 No, 5 No, 6 No, 7 No;
    [A B C D] (A, B, C, D): 0 A, 1 B, 2 C, 3 D, 4 No, 5 No, 6 No, 7 No;
    [A B C D E] (A, B, C, D, E): 0 A, 1 B, 2 C, 3 D, 4 E, 5 No, 6 No, 7 No;
    [A B C D E F] (A, B, C, D, E, F): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 No, 7 No;
    [A B C D E F G] (A, B, C, D, E, F, G): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 No;
    [A B C D E F G H] (A, B, C, D, E, F, G, H): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H;
}
