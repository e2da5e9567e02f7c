//! Types that serde cannot read out of its buffer.

use super::*;

contracts! {
    struct Plain { counts: BTreeMap<u8, bool> }
    struct Same { counts: BTreeMap<u8, bool> }
}

// A generic type is checked when it is used.

#[contract]
struct Flattening<T> {
    #[serde(flatten)]
    plain: T,
}

#[contract]
#[serde(untagged)]
enum Either<T> {
    Counts { counts: T },
}

#[contract]
#[serde(tag = "kind")]
enum Kind<T> {
    Counts { counts: T },
}

#[contract]
#[serde(tag = "kind")]
enum Held<T> {
    Plain(T),
}

type Numbers = BTreeMap<u8, bool>;

const KEYS: &str =
    "serde cannot read non-string keys inside flattened, untagged or internally tagged content: use string keys";

#[test]
fn keys_that_are_no_strings_are_not_read_out_of_a_buffer() {
    accepted::<Plain, Same>();
    refused::<Kind<Numbers>, Kind<Numbers>>(&format!("at `::Counts.counts`: {KEYS}"));
    refused::<Plain, Flattening<Plain>>(&format!("at `.counts`: {KEYS}"));
    refused::<Numbers, Flattening<Numbers>>(&format!("at `.`: {KEYS}"));
    assert!(!fit::<Plain, Either<Numbers>>().ok());
    let value = serde_json::to_value(Kind::Counts { counts: Numbers::from([(7, true)]) }).expect("it is written");
    assert!(serde_json::from_value::<Kind<Numbers>>(value).is_err(), "serde can do it now: drop the rule");
}

#[test]
fn what_a_buffer_loses_is_a_flaw() {
    type Texts = BTreeMap<String, bool>;
    for shape in [Plain::SHAPE, Kind::<Texts>::SHAPE, Either::<Texts>::SHAPE, Flattening::<Texts>::SHAPE] {
        assert!(flaws(shape).ok(), "{shape:?}");
    }
    for shape in [
        Kind::<Numbers>::SHAPE,
        Kind::<Vec<Plain>>::SHAPE,
        Either::<Numbers>::SHAPE,
        Held::<Plain>::SHAPE,
        Flattening::<Plain>::SHAPE,
        Flattening::<Numbers>::SHAPE,
    ] {
        assert!(flaws(shape).as_str().contains("cannot be read back"), "{shape:?}");
    }
}
