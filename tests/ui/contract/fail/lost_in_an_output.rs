// A step's output must survive being written and read.
use flow::contract;
use flow_runtime::contract::{Contract, enforce, survives_round_trip};

#[contract]
struct Output {
    #[serde(skip)]
    cache: u64,
    #[serde(rename(serialize = "out"))]
    renamed: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    list: Vec<u64>,
}

const _: () = enforce(&survives_round_trip(Output::SHAPE));

fn main() {}
