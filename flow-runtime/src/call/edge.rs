//! A value of one type fed to a parameter of another: moved where the types agree, through JSON where only the contracts do.
//!
//! An inherent method wins over a trait method where it applies. That is how the same-type case is picked without specialisation:
//! `hold` on [`Via<T, T>`] is inherent, the conversion through JSON is a trait.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Parameter, Parameters};
use crate::contract::{Contract, encode};
use crate::error::{Error, Result};

/// Stands for the parameter that a call has too many arguments for; rustc's own error names the count.
#[derive(Debug)]
pub struct Missing;

/// An argument of type `A` on its way to a parameter of type `B`.
#[derive(Debug)]
pub struct Via<A, B>(A, PhantomData<B>);

/// A function that is fed. Its method stands on the function, so that one which does not exist makes no second error here.
pub trait Feed: Sized {
    /// The way of a value to the parameter at a position.
    fn __feed<const I: usize, A, V>(&self, value: V) -> Via<V, <A as Parameter<I>>::Type>
    where
        Self: Parameters<A>,
        A: Parameter<I>;
}

impl<F> Feed for F {
    #[inline(always)]
    fn __feed<const I: usize, A, V>(&self, value: V) -> Via<V, <A as Parameter<I>>::Type>
    where
        Self: Parameters<A>,
        A: Parameter<I>,
    {
        Via(value, PhantomData)
    }
}

/// The argument itself.
#[derive(Debug)]
pub struct Same<T>(T);

/// A converted value to give away.
#[derive(Debug)]
pub struct Own<T>(T);

/// A converted value to lend.
#[derive(Debug)]
pub struct Lend<T>(T);

impl<T> Via<T, T> {
    /// Same type: moved.
    #[inline(always)]
    pub fn hold(self) -> Result<Same<T>> {
        Ok(Same(self.0))
    }
}

impl<T> Same<T> {
    /// The argument.
    #[inline(always)]
    pub fn give(self) -> T {
        self.0
    }
}

impl<T> Own<T> {
    /// The argument.
    pub fn give(self) -> T {
        self.0
    }
}

impl<T> Lend<T> {
    /// The argument.
    pub fn give(&self) -> &T {
        &self.0
    }
}

/// A reference to another type: through JSON.
pub trait Convert {
    /// What holds the value until the call has ended.
    type Held;
    /// Converts.
    fn hold(self) -> Result<Self::Held>;
}

impl<A, B> Convert for Via<&A, &B>
where
    A: Contract + Serialize,
    B: Contract + DeserializeOwned,
{
    type Held = Lend<B>;

    fn hold(self) -> Result<Lend<B>> {
        through_json(self.0).map(Lend)
    }
}

/// A reference to a list of another type, whatever holds it.
impl<A, B> Convert for Via<&A, &[B]>
where
    A: Contract + Serialize,
    Vec<B>: Contract + DeserializeOwned,
{
    type Held = Lend<Vec<B>>;

    fn hold(self) -> Result<Lend<Vec<B>>> {
        through_json(self.0).map(Lend)
    }
}

macro_rules! coercions {
    ($([$($param:ident)?] $from:ty => $to:ty;)*) => {$(
        impl<'a, 'b, $($param)?> Via<&'a $from, &'b $to> {
            /// The coercion that rustc makes at a plain call.
            #[inline(always)]
            pub fn hold(self) -> Result<Same<&'a $to>> {
                Ok(Same(self.0))
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

/// Types that neither agree nor convert: of the argument's type, so that rustc's own error at the call is the only one. It is
/// found last, since it takes the way by reference.
pub trait Keep<A> {
    /// Never called: the build has stopped.
    fn hold(self) -> Result<Same<A>>;
}

impl<A, B> Keep<A> for &Via<A, B> {
    fn hold(self) -> Result<Same<A>> {
        Err(Error::terminal("the types of a value and of its parameter do not agree"))
    }
}

/// By value into by value.
pub trait ConvertOwned {
    /// What holds the value until the call has ended.
    type Held;
    /// Converts.
    fn hold(self) -> Result<Self::Held>;
}

impl<A, B> ConvertOwned for Via<A, B>
where
    A: Contract + Serialize,
    B: Contract + DeserializeOwned,
{
    type Held = Own<B>;

    fn hold(self) -> Result<Own<B>> {
        through_json(&self.0).map(Own)
    }
}

/// The build has compared the contracts, but JSON has holes that types have not: there is no `NaN` in it.
fn through_json<A: Serialize, B: DeserializeOwned>(value: &A) -> Result<B> {
    let refused = |error: serde_json::Error| {
        Error::terminal(format!("a value does not survive the way to the next step's type: {error}")).with_source(error)
    };
    let json = encode(value)?;
    serde_json::from_value(json).map_err(refused)
}
