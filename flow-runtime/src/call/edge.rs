//! A value of one type fed to a parameter of another: moved where the types agree, through JSON where only the contracts do.
//!
//! An inherent method wins over a trait method where it applies. That is how the same-type case is picked without specialisation:
//! `pass` on [`Via<T, T>`] is inherent, the conversion through JSON is a trait. A converted value that is lent lives in a slot
//! beside the call; where nothing is converted the slot is `()`, so that the workflow's future does not grow.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Parameter, Parameters};
use crate::contract::Contract;
use crate::error::{Error, Result};

/// Stands for the parameter that a call has too many arguments for; rustc's own error names the count.
#[derive(Debug)]
pub struct Missing;

/// The way from an argument of type `A` to a parameter of type `B`.
#[derive(Debug)]
pub struct Via<A, B>(PhantomData<(A, B)>);

/// The way of an argument to the parameter at its position.
#[inline(always)]
pub const fn via<const I: usize, V, A, F>(_: &V, _: &F) -> Via<V, <A as Parameter<I>>::Type>
where
    F: Parameters<A>,
    A: Parameter<I>,
{
    Via(PhantomData)
}

impl<T> Via<T, T> {
    /// Same type: moved.
    ///
    /// # Errors
    ///
    /// None; the type agrees with the conversions.
    #[inline(always)]
    pub fn pass(self, value: T, (): &mut ()) -> Result<T> {
        Ok(value)
    }
}

macro_rules! coercions {
    ($([$($param:ident)?] $from:ty => $to:ty;)*) => {$(
        impl<'a, 'b, $($param)?> Via<&'a $from, &'b $to> {
            /// The coercion that rustc makes at a plain call.
            ///
            /// # Errors
            ///
            /// None; the type agrees with the conversions.
            #[inline(always)]
            pub fn pass(self, value: &'a $from, (): &mut ()) -> Result<&'a $to> {
                Ok(value)
            }
        }
    )*};
}

coercions! {
    [] String => str;
    [T] Vec<T> => [T];
    [T] Box<T> => T;
    [T] std::sync::Arc<T> => T;
}

/// A reference to another type: through JSON, into the slot.
pub trait Convert<'s, A> {
    /// What keeps the value while it is lent.
    type Slot;
    /// The argument's new type.
    type Given;

    /// Converts.
    ///
    /// # Errors
    ///
    /// A value that the other type cannot be read from, although their contracts fit.
    fn pass(self, value: A, slot: &'s mut Self::Slot) -> Result<Self::Given>;
}

impl<'s, 'a, A, B> Convert<'s, &'a A> for Via<&'a A, &B>
where
    A: Contract + Serialize,
    B: Contract + DeserializeOwned + 's,
{
    type Slot = Option<B>;
    type Given = &'s B;

    fn pass(self, value: &'a A, slot: &'s mut Option<B>) -> Result<&'s B> {
        Ok(slot.insert(through_json(value)?))
    }
}

/// A value of another type: through JSON, given away.
pub trait ConvertOwned<A> {
    /// The argument's new type.
    type Given;

    /// Converts.
    ///
    /// # Errors
    ///
    /// As [`Convert::pass`].
    fn pass(self, value: A, slot: &mut ()) -> Result<Self::Given>;
}

impl<A, B> ConvertOwned<A> for Via<A, B>
where
    A: Contract + Serialize,
    B: Contract + DeserializeOwned,
{
    type Given = B;

    fn pass(self, value: A, (): &mut ()) -> Result<B> {
        through_json(&value)
    }
}

/// Types that neither agree nor convert: the argument as it is, so that rustc's own error at the call is the only one. It is
/// found last, since it takes the way by reference.
pub trait Keep<A> {
    /// Keeps the argument.
    ///
    /// # Errors
    ///
    /// None; the type agrees with the conversions.
    fn pass(self, value: A, slot: &mut ()) -> Result<A>;
}

impl<A, B> Keep<A> for &Via<A, B> {
    fn pass(self, value: A, (): &mut ()) -> Result<A> {
        Ok(value)
    }
}

/// The build has compared the contracts, but JSON has holes that types have not: a `NaN` is written as `null`.
fn through_json<A: Serialize, B: DeserializeOwned>(value: &A) -> Result<B> {
    let refused = |error: serde_json::Error| {
        Error::terminal(format!("a value does not survive the way to the next step's type: {error}")).with_source(error)
    };
    let json = serde_json::to_value(value).map_err(refused)?;
    serde_json::from_value(json).map_err(refused)
}
