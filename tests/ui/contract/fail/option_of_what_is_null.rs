// `None` is written as `null`, so the inner type of an option must not be `null` itself.
// errors: 13
use std::collections::BTreeMap;

use flow::contract;

#[contract]
struct Patch {
    nickname: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_out: Option<Option<String>>,
    boxed: Option<Box<Option<u8>>>,
    unit: Option<()>,
    in_a_list: Vec<Option<Option<u8>>>,
    by_name: BTreeMap<String, (u8, Option<()>)>,
    alias: Maybe,
}

type Maybe = Option<Option<u8>>;

#[contract]
struct Unit;

#[contract]
struct Inner(Option<u8>);

#[contract]
#[serde(transparent)]
struct Transparent {
    inner: Option<u8>,
}

#[contract]
#[serde(untagged)]
enum Perhaps {
    Number(u8),
    Nothing,
}

#[contract]
#[derive(Clone)]
#[serde(from = "Option<u8>", into = "Option<u8>")]
struct Converted;

#[contract]
struct Hidden {
    unit: Option<Unit>,
    inner: Option<Inner>,
    transparent: Option<Transparent>,
    perhaps: Option<Perhaps>,
    converted: Option<Converted>,
}

#[contract]
enum Change {
    Set(Option<Option<u8>>),
}

impl From<Option<u8>> for Converted {
    fn from(_: Option<u8>) -> Self {
        Self
    }
}

impl From<Converted> for Option<u8> {
    fn from(_: Converted) -> Self {
        None
    }
}

fn main() {}
