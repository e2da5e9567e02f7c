//! Passes a value to a parameter of another type: moved if the types agree, through JSON if only the contracts do.
//!
//! Without specialization, the case is selected by the order in which rustc looks up the method `hold`: first the inherent one,
//! for equal types; then [`Convert`], by value, into a borrowed parameter; then [`Mismatch`], by reference, for a value passed
//! where a reference is expected; then [`ConvertOwned`], into any other type; and last [`Keep`].

use std::borrow::Borrow;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Parameter, Parameters};
use crate::contract::{Contract, encode};
use crate::error::{Error, Result};

/// An argument of type `A` for a parameter of type `B`.
#[derive(Debug)]
pub struct Via<A, B>(Owning<A, B>);

/// The same for a by-value parameter.
#[derive(Debug)]
pub struct Owning<A, B>(Nowhere<A, B>);

/// The same without a conversion.
#[derive(Debug)]
pub struct Nowhere<A, B>(A, PhantomData<B>);

impl<A, B> Via<A, B> {
    fn value(self) -> A {
        self.0.0.0
    }
}

impl<A, B> Deref for Via<A, B> {
    type Target = Owning<A, B>;

    fn deref(&self) -> &Owning<A, B> {
        &self.0
    }
}

impl<A, B> Deref for Owning<A, B> {
    type Target = Nowhere<A, B>;

    fn deref(&self) -> &Nowhere<A, B> {
        &self.0
    }
}

/// Any function. The method is on the function, so that an unresolved function name causes no second error here.
pub trait Feed: Sized {
    /// Wraps a value for the parameter at a position.
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
        Via(Owning(Nowhere(value, PhantomData)))
    }
}

/// An argument of the same type.
#[derive(Debug)]
pub struct Same<T>(T);

/// A value as JSON, to be read as what `T` holds. The result may borrow from the JSON, as a list of `&str` does, so both live
/// until the call ends.
#[derive(Debug)]
pub struct AsJson<T>(Value, PhantomData<fn() -> T>);

/// A converted value, passed by value.
#[derive(Debug)]
pub struct Own<T>(T);

/// A converted value, passed by reference.
#[derive(Debug)]
pub struct Lend<T>(T);

impl<T> Via<T, T> {
    /// Equal types: moved.
    #[inline(always)]
    pub fn hold(self) -> Result<Same<T>, Infallible> {
        Ok(Same(self.value()))
    }
}

impl<T> Same<T> {
    /// Returns itself.
    #[inline(always)]
    pub fn read(self) -> Result<Self, Infallible> {
        Ok(self)
    }

    /// Returns the argument.
    #[inline(always)]
    pub fn give(self) -> T {
        self.0
    }
}

/// A holder of a converted value.
pub trait Holds {
    /// The value.
    type Value;
    /// Wraps a value.
    fn holds(value: Self::Value) -> Self;
}

macro_rules! holds {
    ($($holder:ident holds $value:ty;)*) => {$(
        impl<T> Holds for $holder<T> {
            type Value = $value;

            fn holds(value: $value) -> Self {
                Self(value)
            }
        }
    )*};
}

holds! {
    Own holds T;
    Lend holds T;
    LendSome holds Option<T>;
}

impl<T: Holds> AsJson<T> {
    fn of<A: Serialize>(value: &A) -> Result<Self> {
        encode(value).map(|json| Self(json, PhantomData))
    }

    /// Reads the converted value. The build has compared the contracts, but JSON cannot represent all values: it has no `NaN`.
    pub fn read<'de>(&'de self) -> Result<T>
    where
        T::Value: Deserialize<'de>,
    {
        let refused = |error: serde_json::Error| {
            Error::terminal(format!("a value cannot be converted to the next step's type: {error}")).with_source(error)
        };
        T::Value::deserialize(&self.0).map(T::holds).map_err(refused)
    }
}

impl<T> Own<T> {
    /// Returns the argument.
    pub fn give(self) -> T {
        self.0
    }
}

impl<T> Lend<T> {
    /// Returns the argument.
    pub fn give(&self) -> &T {
        &self.0
    }
}

impl<T> LendSome<T> {
    /// Returns the argument.
    pub fn give<U: ?Sized>(&self) -> Option<&U>
    where
        T: Borrow<U>,
    {
        self.0.as_ref().map(Borrow::borrow)
    }
}

/// Conversion to a borrowed parameter, through JSON.
pub trait Convert {
    /// Holds the value until the call ends.
    type Held;
    /// Converts.
    fn hold(self) -> Result<Self::Held>;
}

/// A converted optional value, passed by reference.
#[derive(Debug)]
pub struct LendSome<T>(Option<T>);

macro_rules! lent {
    ($([$($param:ident)?] $lent:ty, held as $held:ty;)*) => {$(
        impl<'de, A, $($param)?> Convert for Via<&A, &$lent>
        where
            A: Contract + Serialize,
            $held: Contract + Deserialize<'de>,
        {
            type Held = AsJson<Lend<$held>>;

            fn hold(self) -> Result<AsJson<Lend<$held>>> {
                AsJson::of(self.value())
            }
        }

        // A non-optional value is accepted too, so the argument may have any form.
        impl<'de, A, $($param)?> Convert for Via<A, Option<&$lent>>
        where
            A: Contract + Serialize,
            $held: Contract + Deserialize<'de>,
        {
            type Held = AsJson<LendSome<$held>>;

            fn hold(self) -> Result<AsJson<LendSome<$held>>> {
                AsJson::of(&self.value())
            }
        }
    )*};
}

lent! {
    [B] B, held as B;
    [B] [B], held as Vec<B>;
    [] str, held as String;
    [] Path, held as PathBuf;
}

macro_rules! coercions {
    ($([$($param:ident)?] $from:ty => $to:ty;)*) => {$(
        impl<'a, 'b, $($param)?> Via<&'a $from, &'b $to> {
            /// A coercion that rustc would apply in a plain call.
            #[inline(always)]
            pub fn hold(self) -> Result<Same<&'a $to>, Infallible> {
                Ok(Same(self.value()))
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

/// A by-value argument for a borrowed parameter. It keeps the argument's type, so that rustc's own error at the call is the only
/// one.
pub trait Mismatch<A> {
    /// Never called: the build has failed.
    fn hold(self) -> Result<Same<A>>;
}

impl<A, B: ?Sized> Mismatch<A> for &Via<A, &B> {
    fn hold(self) -> Result<Same<A>> {
        Err(disagree())
    }
}

/// Conversion to any other type, through JSON.
pub trait ConvertOwned {
    /// Holds the value until the call ends.
    type Held;
    /// Converts.
    fn hold(self) -> Result<Self::Held>;
}

impl<'de, A, B> ConvertOwned for &Owning<A, B>
where
    A: Contract + Serialize,
    B: Contract + Deserialize<'de>,
{
    type Held = AsJson<Own<B>>;

    fn hold(self) -> Result<AsJson<Own<B>>> {
        AsJson::of(&self.0.0)
    }
}

/// Types that neither agree nor convert; also keeps the argument's type.
pub trait Keep<A> {
    /// Never called: the build has failed.
    fn hold(self) -> Result<Same<A>>;
}

impl<A, B> Keep<A> for &Nowhere<A, B> {
    fn hold(self) -> Result<Same<A>> {
        Err(disagree())
    }
}

fn disagree() -> Error {
    Error::terminal("the types of a value and its parameter do not match")
}
