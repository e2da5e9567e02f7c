// The attribute and manual derives make the same contract, with no dependency but `flow`.
use flow::prelude::*;

#[contract]
#[derive(Debug, Clone)]
pub struct ByAttribute {
    pub name: String,
    #[serde(default)]
    pub skills: Vec<String>,
}

#[derive(flow::serde::Serialize, flow::serde::Deserialize, flow::schemars::JsonSchema, Contract)]
#[serde(crate = "flow::serde")]
#[schemars(crate = "flow::schemars")]
pub struct ByHand {
    pub name: String,
    #[serde(default)]
    pub skills: Vec<String>,
}

const _: () = {
    assert!(flow::contract::fits(ByAttribute::SHAPE, ByHand::SHAPE).ok());
    assert!(flow::contract::fits(ByHand::SHAPE, ByAttribute::SHAPE).ok());
};

fn main() {}
