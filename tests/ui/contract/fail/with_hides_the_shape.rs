// A field with its own serde functions must declare its wire type.
// errors: 3
use flow::contract;

#[contract]
struct Job {
    #[serde(with = "seconds")]
    wait: u64,
    #[serde(serialize_with = "seconds::serialize")]
    again: u64,
    #[serde(deserialize_with = "seconds::deserialize")]
    last: u64,
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
