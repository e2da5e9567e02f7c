// No two fields and no two variants may have the same name in JSON.
// errors: 9
use flow::contract;

#[contract]
struct Renamed {
    first: String,
    #[serde(rename = "first")]
    second: String,
}

#[contract]
#[serde(rename_all = "camelCase")]
struct ByRule {
    phone_number: String,
    #[serde(rename = "phoneNumber")]
    phone: Option<String>,
}

#[contract]
struct Aliased {
    #[serde(alias = "nick")]
    name: String,
    nick: Option<String>,
}

#[contract]
struct Twice {
    #[serde(alias = "id")]
    key: u32,
    #[serde(alias = "id")]
    number: u32,
}

#[contract]
struct OneWay {
    #[serde(rename(serialize = "total"))]
    sum: u32,
    #[serde(default)]
    total: u32,
}

#[contract]
enum Plan {
    Basic,
    #[serde(rename = "Basic")]
    Free,
}

#[contract]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Event {
    Sent,
    #[serde(alias = "sent")]
    Posted {
        at: u32,
    },
    Seen {
        by: String,
        #[serde(rename = "by")]
        reader: String,
    },
}

#[contract]
struct Generic<T> {
    value: T,
    #[serde(rename = "value")]
    other: T,
}

fn main() {}
