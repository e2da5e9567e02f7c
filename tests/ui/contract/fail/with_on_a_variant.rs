// A variant cannot have its own serde functions.
use flow::{Contract, serde};

#[derive(serde::Serialize, serde::Deserialize, Contract)]
#[serde(crate = "flow::serde")]
enum Wait {
    #[serde(serialize_with = "seconds::serialize", deserialize_with = "seconds::deserialize")]
    For(u64),
}

mod seconds {
    use flow::serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(*value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        u64::deserialize(from)
    }
}

fn main() {}
