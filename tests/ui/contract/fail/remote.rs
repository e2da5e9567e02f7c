// Remote derives cannot be contracts.
use flow::{Contract, serde};

pub struct Foreign {
    pub id: u64,
}

#[derive(serde::Serialize, serde::Deserialize, Contract)]
#[serde(crate = "flow::serde", remote = "Foreign")]
struct Mirror {
    id: u64,
}

fn main() {}
