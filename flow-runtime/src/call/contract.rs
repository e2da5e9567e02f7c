//! Contracts of a step's arguments and output. One check reports a type without a contract, all other uses fall back silently, so
//! that one mistake gives one error.
//!
//! [`In`] and [`Out`] have inherent items if the type has a contract; the traits next to them provide the same names for all
//! other types, so that generated code is well-typed either way. [`demand`] is the check: generated code calls it in a constant,
//! with a text that names the step.

use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::{self, Contract, Direction, Shape, Violation, Ways, read_back};
use crate::error::Result;
use crate::graph::{self, MetaPtr};

/// An argument of a step: anything with a contract.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no contract, so a step cannot take it",
    label = "no contract",
    note = "add `#[contract]` to the type, or mark the argument `#[state]` if it is a resource, not data",
    note = "see flow::errors::no_contract"
)]
pub trait InputContract: Contract + Serialize + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: Contract + Serialize + JsonSchema + ?Sized> InputContract for T {}

/// An output of a step: anything with a contract that can be read back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no contract, so a step cannot return it",
    label = "no contract",
    note = "add `#[contract]` to the type",
    note = "see flow::errors::no_contract"
)]
pub trait OutputContract: Contract + Serialize + DeserializeOwned + JsonSchema + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Contract + Serialize + DeserializeOwned + JsonSchema + 'static> OutputContract for T {}

/// Reports an argument of a generic step without a contract.
pub const fn require_input<T: InputContract + ?Sized>() {}

/// Reports an output of a generic step without a contract.
pub const fn require_output<T: OutputContract>() {}

/// Fails the build at the caller's location unless `holds`.
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

/// Fails the build if a constant bound is 0, or less than the number of iterations.
///
/// # Panics
///
/// With `zero` or `few`.
#[track_caller]
pub const fn bound(bound: u32, turns: u32, zero: &str, few: &str) {
    demand(bound > 0, zero);
    demand(turns <= bound, few);
}

/// The bound that the macro adds to a type parameter of a step.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no contract, so a step cannot take or return it",
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
    /// The type has a contract.
    pub const HAS_CONTRACT: bool = true;
    /// Shape and schema.
    pub const CONTRACT: graph::Contract = graph::Contract { shape: T::SHAPE, schema: contract::schema::<T> };

    /// Encodes the argument `name` as it is recorded and rendered.
    pub fn encode(name: &str, value: &T) -> Result<Value> {
        contract::encode_at(&[name], value)
    }
}

/// The fallback of [`In`] for a type without a contract.
pub trait NoInput<T: ?Sized> {
    /// The type has no contract.
    const HAS_CONTRACT: bool = false;
    /// Unknown.
    const CONTRACT: graph::Contract = UNKNOWN;

    /// Never called: the build has failed.
    fn encode(_: &str, _: &T) -> Result<Value> {
        Ok(Value::Null)
    }
}

impl<T: ?Sized> NoInput<T> for In<T> {}

/// Converts an output to JSON and back.
#[derive(Debug)]
pub struct Json<T> {
    /// Encodes it for the record.
    pub encode: fn(&T) -> Result<Value>,
    /// Decodes it from a record or a model's answer.
    pub decode: fn(Value) -> Result<T, Vec<Violation>>,
}

impl<T> Json<T> {
    /// Reads an output back from its recorded form; returns both.
    pub(crate) fn read_back(&self, what: &str, output: &T, of: MetaPtr) -> Result<(T, Value)> {
        let schema = || (of.get().output.schema)(Direction::Write);
        read_back(output, &Ways { what, encode: &self.encode, decode: &self.decode, schema: &schema })
    }
}

impl<T: OutputContract> Out<T> {
    /// The type has a contract.
    pub const HAS_CONTRACT: bool = true;
    /// Shape and schema.
    pub const CONTRACT: graph::Contract = graph::Contract { shape: T::SHAPE, schema: contract::schema::<T> };
    /// Both conversions.
    pub const JSON: Json<T> = Json { encode: contract::encode, decode: contract::decode };
}

/// The fallback of [`Out`] for a type without a contract.
pub trait NoOutput<T> {
    /// The type has no contract.
    const HAS_CONTRACT: bool = false;
    /// Unknown.
    const CONTRACT: graph::Contract = UNKNOWN;

    /// Never called: the build has failed.
    const JSON: Json<T> = Json { encode: |_| Ok(Value::Null), decode: |_| Err(Vec::new()) };
}

impl<T> NoOutput<T> for Out<T> {}
