//! Contracts at the edge of a step. One door complains about a type without a contract, the others keep quiet: one mistake, one
//! error.
//!
//! [`In`] and [`Out`] have inherent items where the type has a contract; the traits beside them give the same names to every
//! other type, so that generated code is well-typed either way. [`demand`] is the loud door: a constant that generated code asks
//! with a text that names the step.

use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::{self, Contract, Direction, Shape, Violation, Ways, read_back};
use crate::error::Result;
use crate::graph::{self, MetaPtr};

/// What a step may take: anything with a contract.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no contract, so no step can take it",
    label = "no contract",
    note = "add `#[contract]` to the type, or mark the argument `#[state]` if it is a resource and no data",
    note = "see flow::errors::no_contract"
)]
pub trait InputContract: Contract + Serialize + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: Contract + Serialize + JsonSchema + ?Sized> InputContract for T {}

/// What a step may return: anything with a contract that can be read back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no contract, so no step can return it",
    label = "no contract",
    note = "add `#[contract]` to the type",
    note = "see flow::errors::no_contract"
)]
pub trait OutputContract: Contract + Serialize + DeserializeOwned + JsonSchema + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Contract + Serialize + DeserializeOwned + JsonSchema + 'static> OutputContract for T {}

/// Complains about an argument of a generic step without a contract.
pub const fn require_input<T: InputContract + ?Sized>() {}

/// Complains about an output of a generic step without a contract.
pub const fn require_output<T: OutputContract>() {}

/// Ends the build, at the caller's place, unless something holds.
///
/// # Panics
///
/// With `otherwise`.
#[track_caller]
pub const fn demand(holds: bool, otherwise: &str) {
    if !holds {
        panic!("{}", otherwise);
    }
}

/// Ends the build at a constant that bounds nothing: 0, or less than a loop turns.
///
/// # Panics
///
/// With `zero` or `few`.
#[track_caller]
pub const fn bound(bound: u32, turns: u32, zero: &str, few: &str) {
    demand(bound > 0, zero);
    demand(turns <= bound, few);
}

/// What a type parameter of a step stands for; the macro adds it as a bound.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no contract, so no step can take or return it",
    label = "no contract",
    note = "add `#[contract]` to the type",
    note = "see flow::errors::no_contract"
)]
pub trait GenericContract: OutputContract + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: OutputContract + Send + Sync + 'static> GenericContract for T {}

/// The contract of an argument.
#[derive(Debug)]
pub struct In<T: ?Sized>(PhantomData<fn() -> T>);

/// The contract of an output.
#[derive(Debug)]
pub struct Out<T>(PhantomData<fn() -> T>);

const UNKNOWN: graph::Contract = graph::Contract { shape: &Shape::Any, schema: |_| Value::Bool(true) };

impl<T: InputContract + ?Sized> In<T> {
    /// It has one.
    pub const HAS_CONTRACT: bool = true;
    /// Shape and schema.
    pub const CONTRACT: graph::Contract = graph::Contract { shape: T::SHAPE, schema: contract::schema::<T> };

    /// The argument `name` as it is recorded and rendered.
    pub fn encode(name: &str, value: &T) -> Result<Value> {
        contract::encode_at(&[name], value)
    }
}

/// The names of [`In`] for a type without a contract.
pub trait NoInput<T: ?Sized> {
    /// It has none.
    const HAS_CONTRACT: bool = false;
    /// Nothing is known.
    const CONTRACT: graph::Contract = UNKNOWN;

    /// Never called: the build has stopped.
    fn encode(_: &str, _: &T) -> Result<Value> {
        Ok(Value::Null)
    }
}

impl<T: ?Sized> NoInput<T> for In<T> {}

/// An output on its way to JSON and back.
#[derive(Debug)]
pub struct Json<T> {
    /// As it is recorded.
    pub encode: fn(&T) -> Result<Value>,
    /// As it is read back, or as a model gave it.
    pub decode: fn(Value) -> Result<T, Vec<Violation>>,
}

impl<T> Json<T> {
    /// The output of a step or a workflow as its record gives it back, and that record.
    pub(crate) fn read_back(&self, what: &str, output: &T, of: MetaPtr) -> Result<(T, Value)> {
        let schema = || (of.get().output.schema)(Direction::Write);
        read_back(output, &Ways { what, encode: &self.encode, decode: &self.decode, schema: &schema })
    }
}

impl<T: OutputContract> Out<T> {
    /// It has one.
    pub const HAS_CONTRACT: bool = true;
    /// Shape and schema.
    pub const CONTRACT: graph::Contract = graph::Contract { shape: T::SHAPE, schema: contract::schema::<T> };
    /// Both ways.
    pub const JSON: Json<T> = Json { encode: contract::encode, decode: contract::decode };
}

/// The names of [`Out`] for a type without a contract.
pub trait NoOutput<T> {
    /// It has none.
    const HAS_CONTRACT: bool = false;
    /// Nothing is known.
    const CONTRACT: graph::Contract = UNKNOWN;

    /// Never called: the build has stopped.
    const JSON: Json<T> = Json { encode: |_| Ok(Value::Null), decode: |_| Err(Vec::new()) };
}

impl<T> NoOutput<T> for Out<T> {}
