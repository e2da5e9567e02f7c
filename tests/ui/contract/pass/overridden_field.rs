// A field with its own serde functions is allowed once it declares its wire type.
use flow::contract;

#[contract]
struct Job {
    #[serde(with = "seconds")]
    #[contract(as = u64)]
    wait: std::time::Duration,
    #[serde(with = "seconds")]
    #[contract(opaque = "seconds")]
    again: std::time::Duration,
}

mod seconds {
    use std::time::Duration;

    use flow::serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(value.as_secs())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_secs)
    }
}

fn main() {}
