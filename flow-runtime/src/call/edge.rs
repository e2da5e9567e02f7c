//! A value of one type fed to a parameter of another: moved where the types agree, through JSON where only the contracts do.
//!
//! The case is picked without specialisation, by the order in which rustc looks for the method `hold`: an inherent one first, for the
//! same type; then [`Convert`], by value, into a borrowed parameter; then [`Mismatch`], by reference, for a value passed where a
//! reference is expected; then [`ConvertOwned`], into any other type; and last [`Keep`].

use std::borrow::Borrow;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Parameter, Parameters};
use crate::contract::{Contract, encode};
use crate::error::{Error, Result};

/// Stands for the parameter that a call has too many arguments for; rustc's own error names the count.
#[derive(Debug)]
pub struct Missing;

/// An argument of type `A` on its way to a parameter of type `B`.
#[derive(Debug)]
pub struct Via<A, B>(Owning<A, B>);

/// The same for a parameter by value.
#[derive(Debug)]
pub struct Owning<A, B>(Nowhere<A, B>);

/// The same where no contract leads.
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
        Via(Owning(Nowhere(value, PhantomData)))
    }
}

/// The argument itself.
#[derive(Debug)]
pub struct Same<T>(T);

/// A value as JSON, to be read as what `T` holds. That may borrow from the JSON, as a list of `&str` does, so both stay while the
/// call runs.
#[derive(Debug)]
pub struct AsJson<T>(Value, PhantomData<fn() -> T>);

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
        Ok(Same(self.value()))
    }
}

impl<T> Same<T> {
    /// The same.
    #[inline(always)]
    pub fn read(self) -> Result<Self> {
        Ok(self)
    }

    /// The argument.
    #[inline(always)]
    pub fn give(self) -> T {
        self.0
    }
}

/// What holds a converted value.
pub trait Holds {
    /// The value.
    type Value;
    /// Holds it.
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

    /// The converted value. The build has compared the contracts, but JSON has holes that types have not: there is no `NaN` in it.
    pub fn read<'de>(&'de self) -> Result<T>
    where
        T::Value: Deserialize<'de>,
    {
        let refused = |error: serde_json::Error| {
            Error::terminal(format!("a value does not survive the way to the next step's type: {error}"))
                .with_source(error)
        };
        T::Value::deserialize(&self.0).map(T::holds).map_err(refused)
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

impl<T> LendSome<T> {
    /// The argument.
    pub fn give<U: ?Sized>(&self) -> Option<&U>
    where
        T: Borrow<U>,
    {
        self.0.as_ref().map(Borrow::borrow)
    }
}

/// To what is lent: through JSON.
pub trait Convert {
    /// What holds the value until the call has ended.
    type Held;
    /// Converts.
    fn hold(self) -> Result<Self::Held>;
}

/// A converted value that is lent where there is one.
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

        // A value that is always there goes in as well, so the argument is of any form.
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
            /// The coercion that rustc makes at a plain call.
            #[inline(always)]
            pub fn hold(self) -> Result<Same<&'a $to>> {
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

/// A value that is not lent, for a parameter that is: of the argument's type, so that rustc's own error at the call is the only one.
pub trait Mismatch<A> {
    /// Never called: the build has stopped.
    fn hold(self) -> Result<Same<A>>;
}

impl<A, B: ?Sized> Mismatch<A> for &Via<A, &B> {
    fn hold(self) -> Result<Same<A>> {
        Err(disagree())
    }
}

/// To any other type: through JSON.
pub trait ConvertOwned {
    /// What holds the value until the call has ended.
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

/// Types that neither agree nor convert, in the same way.
pub trait Keep<A> {
    /// Never called: the build has stopped.
    fn hold(self) -> Result<Same<A>>;
}

impl<A, B> Keep<A> for &Nowhere<A, B> {
    fn hold(self) -> Result<Same<A>> {
        Err(disagree())
    }
}

fn disagree() -> Error {
    Error::terminal("the types of a value and of its parameter do not agree")
}
