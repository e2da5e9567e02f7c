//! Types of other crates work as contracts in every position: every value survives a round trip and matches the published
//! schema.
#![cfg(feature = "types")]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use flow::contract;
use flow::journal::Memory;
use flow::prelude::*;
use flow::schemars::JsonSchema;
use flow::serde::Serialize;
use flow::serde::de::DeserializeOwned;
use flow::serde_json;
use flow::testing::assert_contract;
use flow_runtime::contract::{Contract, Direction, decode, flaws, schema, survives_round_trip};

#[path = "contracts/random.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod random;

use random::Random;

/// The contract is valid and matches its schema; the schema accepts every value, and every value survives a round trip. Compares by
/// `Debug`, since equal values may differ, such as decimals in their trailing zeros.
fn come_back<T>(values: impl IntoIterator<Item = T>)
where
    T: Contract + JsonSchema + Serialize + DeserializeOwned + Debug + 'static,
{
    assert!(flaws(T::SHAPE).ok(), "{}", flaws(T::SHAPE).as_str());
    assert!(survives_round_trip(T::SHAPE).ok(), "{}", survives_round_trip(T::SHAPE).as_str());
    assert_contract::<T>();
    let schemas = [Direction::Write, Direction::Read].map(schema::<T>);
    let validators = schemas.each_ref().map(|schema| jsonschema::validator_for(schema).unwrap());
    for value in values {
        let text = serde_json::to_string(&value).unwrap_or_else(|error| panic!("{error}: {value:?}"));
        let shown = format!("{value:?}");
        let read = serde_json::from_str::<T>(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(format!("{read:?}"), shown, "{text}");
        let json = serde_json::to_value(&value).unwrap();
        let read = decode::<T>(json.clone()).unwrap_or_else(|found| panic!("{found:?}: {text}"));
        assert_eq!(format!("{read:?}"), shown, "{text}");
        for (validator, schema) in validators.iter().zip(&schemas) {
            assert!(validator.is_valid(&json), "{text} is not what {schema} says");
        }
    }
}

/// With a map as `T`, the keys of the map become fields.
#[contract]
#[derive(Debug, Clone)]
struct FlatOver<T> {
    #[serde(flatten)]
    rest: T,
}

fn flat_keyed<K>(keys: Vec<K>)
where
    K: Contract + JsonSchema + Serialize + DeserializeOwned + Debug + Ord + 'static,
{
    come_back([FlatOver { rest: keys.into_iter().zip(0_u8..).collect::<BTreeMap<_, _>>() }]);
}

#[test]
fn keys_of_flattened_maps_come_back() {
    let random = &mut Random::new(2);
    flat_keyed(dates(random));
    flat_keyed(times(random));
    flat_keyed(date_times(random));
    flat_keyed(with_offsets(random));
    flat_keyed(timestamps(random));
    flat_keyed(civil(random));
    flat_keyed(durations(random));
    flat_keyed(zoned(random));
    flat_keyed(uuids(random));
    flat_keyed(urls(random));
    // A key type that also reads numbers is rejected by name.
    let flaws = flaws(FlatOver::<BTreeMap<rust_decimal::Decimal, u8>>::SHAPE);
    assert!(flaws.as_str().contains("non-string keys inside flattened"), "{}", flaws.as_str());
}

/// Every position around an ordered type, which can therefore be a key.
macro_rules! everywhere {
    ($($module:ident: $leaf:ty = $values:expr;)+) => {$(
        mod $module {
            use super::*;

            type Leaf = $leaf;

            #[contract] #[derive(Debug, Clone)] struct Plain { a: Leaf }
            #[contract] #[derive(Debug, Clone)] struct Maybe { a: Option<Leaf> }
            #[contract] #[derive(Debug, Clone)] struct Left { #[serde(default, skip_serializing_if = "Option::is_none")] a: Option<Leaf> }
            #[contract] #[derive(Debug, Clone)] struct Many { a: Vec<Leaf>, b: [Leaf; 1], c: (Leaf, Option<Leaf>) }
            #[contract] #[derive(Debug, Clone)] struct Mapped { a: BTreeMap<String, Leaf>, b: HashMap<String, Vec<Leaf>> }
            #[contract] #[derive(Debug, Clone)] struct Keyed { a: BTreeMap<Leaf, u8> }
            #[contract] #[derive(Debug, Clone)] #[serde(transparent)] struct Clear { a: Leaf }
            #[contract] #[derive(Debug, Clone)] struct Within { b: u8, #[serde(flatten)] inner: Plain }
            #[contract] #[derive(Debug, Clone)] struct Rest { b: u8, #[serde(flatten)] rest: BTreeMap<String, Leaf> }
            #[contract] #[derive(Debug, Clone)] enum Outside { One(Leaf), Two { a: Leaf }, Three(Leaf, u8) }
            #[contract] #[derive(Debug, Clone)] #[serde(tag = "kind")] enum Inside { One(Plain), Two { a: Leaf } }
            #[contract] #[derive(Debug, Clone)] #[serde(tag = "kind", content = "is")] enum Beside { One(Leaf), Two { a: Leaf } }
            #[contract] #[derive(Debug, Clone)] #[serde(untagged)] enum Either { One(Leaf), Flag(bool), Two { a: Leaf } }

            #[test]
            fn comes_back() {
                let all: Vec<Leaf> = $values(&mut Random::new(1));
                let each = || all.iter().cloned();
                come_back::<Leaf>(each());
                come_back(each().map(|a| Plain { a }));
                come_back(each().map(|a| Maybe { a: Some(a) }).chain([Maybe { a: None }]));
                come_back(each().map(|a| Left { a: Some(a) }).chain([Left { a: None }]));
                come_back(each().map(|a| Many { a: vec![a.clone(); 2], b: [a.clone()], c: (a.clone(), Some(a)) }));
                come_back(each().map(|a| Mapped { a: [("k".into(), a.clone())].into(), b: [("k".into(), vec![a])].into() }));
                come_back([Keyed { a: each().zip(0..).collect() }]);
                come_back(each().map(|a| Clear { a }));
                come_back(each().map(|a| Within { b: 1, inner: Plain { a } }));
                come_back(each().map(|a| Rest { b: 1, rest: [("k".into(), a)].into() }));
                come_back(each().flat_map(|a| [Outside::One(a.clone()), Outside::Two { a: a.clone() }, Outside::Three(a, 3)]));
                come_back(each().flat_map(|a| [Inside::One(Plain { a: a.clone() }), Inside::Two { a }]));
                come_back(each().flat_map(|a| [Beside::One(a.clone()), Beside::Two { a }]));
                come_back(each().flat_map(|a| [Either::One(a.clone()), Either::Flag(true), Either::Two { a }]));
            }
        }
    )+};
}

everywhere! {
    chrono_date: chrono::NaiveDate = dates;
    chrono_time: chrono::NaiveTime = times;
    chrono_date_time: chrono::NaiveDateTime = date_times;
    chrono_utc: chrono::DateTime<chrono::Utc> = |random: &mut _| date_times(random).iter().map(chrono::NaiveDateTime::and_utc).collect();
    chrono_offset: chrono::DateTime<chrono::FixedOffset> = with_offsets;
    jiff_timestamp: jiff::Timestamp = timestamps;
    jiff_date: jiff::civil::Date = |random: &mut _| civil(random).iter().map(|at| at.date()).collect();
    jiff_time: jiff::civil::Time = |random: &mut _| civil(random).iter().map(|at| at.time()).collect();
    jiff_date_time: jiff::civil::DateTime = civil;
    jiff_duration: jiff::SignedDuration = durations;
    jiff_zoned: jiff::Zoned = zoned;
    any_uuid: uuid::Uuid = uuids;
    any_url: url::Url = urls;
    decimal: rust_decimal::Decimal = decimals;
}

/// Values generated per type.
const VALUES: usize = 60;

fn made<T>(random: &mut Random, ends: impl IntoIterator<Item = T>, one: impl Fn(&mut Random) -> T) -> Vec<T> {
    let mut all: Vec<T> = ends.into_iter().collect();
    all.extend((0..VALUES).map(|_| one(random)));
    all
}

fn below(random: &mut Random, end: u64) -> u64 {
    random.within(0, i128::from(end) - 1) as u64
}

fn dates(random: &mut Random) -> Vec<chrono::NaiveDate> {
    use chrono::NaiveDate;
    let ends = ["0001-01-01", "1969-12-31", "2000-02-29", "9999-12-31"].map(|text| text.parse().unwrap());
    made(random, ends.into_iter().chain([NaiveDate::MIN, NaiveDate::MAX]), |random| {
        NaiveDate::from_num_days_from_ce_opt(1 + below(random, 3_652_059) as i32).unwrap()
    })
}

/// With leap seconds, which chrono supports.
fn times(random: &mut Random) -> Vec<chrono::NaiveTime> {
    use chrono::NaiveTime;
    let ends = [NaiveTime::MIN, NaiveTime::from_hms_nano_opt(23, 59, 59, 1_999_999_999).unwrap()];
    made(random, ends, |random| {
        let nanos = [0, 1_000_000, 123_000, 999_999_999][random.below(4)];
        NaiveTime::from_num_seconds_from_midnight_opt(below(random, 86_400) as u32, nanos).unwrap()
    })
}

fn date_times(random: &mut Random) -> Vec<chrono::NaiveDateTime> {
    let times = times(random);
    dates(random).into_iter().zip(times.into_iter().cycle()).map(|(date, time)| date.and_time(time)).collect()
}

/// Offsets are whole minutes, as in RFC 3339.
fn with_offsets(random: &mut Random) -> Vec<chrono::DateTime<chrono::FixedOffset>> {
    let zone = |minutes: i32| chrono::FixedOffset::east_opt(minutes * 60).unwrap();
    let within = |at: &chrono::NaiveDateTime| (1..=9_998).contains(&chrono::Datelike::year(&at.date()));
    let times: Vec<_> = date_times(random).into_iter().filter(within).collect();
    times.iter().map(|at| at.and_utc().with_timezone(&zone(below(random, 2_879) as i32 - 1_439))).collect()
}

fn timestamps(random: &mut Random) -> Vec<jiff::Timestamp> {
    use jiff::Timestamp;
    made(random, [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX], |random| {
        let seconds = below(random, 400_000_000_000) as i64 - 200_000_000_000;
        let nanos = [0, 1, 123_000, 999_999_999][random.below(4)] * seconds.signum() as i32;
        Timestamp::new(seconds, nanos).unwrap()
    })
}

fn civil(random: &mut Random) -> Vec<jiff::civil::DateTime> {
    let ends = [jiff::civil::DateTime::MIN, jiff::civil::DateTime::MAX];
    let all = timestamps(random);
    ends.into_iter().chain(all.iter().map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).datetime())).collect()
}

fn durations(random: &mut Random) -> Vec<jiff::SignedDuration> {
    use jiff::SignedDuration;
    made(random, [SignedDuration::MIN, SignedDuration::ZERO, SignedDuration::MAX], |random| {
        let seconds = below(random, 10_000_000_000) as i64 - 5_000_000_000;
        SignedDuration::new(seconds, random.below(1_000_000_000) as i32 * seconds.signum() as i32)
    })
}

/// Fixed-offset zones only, since a program may have no time zone database.
fn zoned(random: &mut Random) -> Vec<jiff::Zoned> {
    use jiff::tz::Offset;
    let zones = [-1_439, -60, 1, 330, 1_439].map(|minutes| Offset::from_seconds(minutes * 60).unwrap().to_time_zone());
    let times = timestamps(random);
    times.iter().zip(zones.into_iter().cycle()).map(|(at, zone)| at.to_zoned(zone)).collect()
}

fn uuids(random: &mut Random) -> Vec<uuid::Uuid> {
    made(random, [uuid::Uuid::nil(), uuid::Uuid::max()], |random| {
        uuid::Uuid::from_u64_pair(below(random, u64::MAX), below(random, u64::MAX))
    })
}

fn urls(_: &mut Random) -> Vec<url::Url> {
    [
        "https://example.com",
        "https://user:word@example.com:8080/a%20b/ü?q=1&q=%22#end",
        "http://[::1]/",
        "https://bücher.example/",
        "file:///etc/hosts",
        "mailto:ann@example.com",
        "data:text/plain,hello%0Aworld",
        "urn:isbn:0451450523",
    ]
    .map(|text| text.parse().unwrap())
    .into()
}

fn decimals(random: &mut Random) -> Vec<rust_decimal::Decimal> {
    use rust_decimal::Decimal;
    let ends = ["0", "0.00", "1.10", "-0.0000000000000000000000000001"].map(|text| text.parse().unwrap());
    made(random, ends.into_iter().chain([Decimal::MIN, Decimal::MAX]), |random| {
        let digits = i128::from(below(random, u64::MAX)) * if random.below(2) == 0 { 1 } else { -1 };
        Decimal::from_i128_with_scale(digits, random.below(29) as u32)
    })
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Invoice {
    id: uuid::Uuid,
    total: rust_decimal::Decimal,
    due: chrono::NaiveDate,
    sent: Option<jiff::Timestamp>,
    by_day: BTreeMap<jiff::civil::Date, rust_decimal::Decimal>,
    links: Vec<url::Url>,
}

#[step]
async fn same(invoice: &Invoice) -> Result<Invoice> {
    Ok(invoice.clone())
}

#[step(human, timeout = "1d")]
async fn approve(invoice: &Invoice) -> Result<Review<Invoice>>;

#[workflow]
async fn billing(invoice: Invoice) -> Result<Invoice> {
    let invoice = same(&invoice).await?;
    match approve(&invoice).await? {
        Review::Accept(invoice) | Review::Edit(invoice) => Ok(invoice),
        Review::Reject { reason } => flow::bail!("{reason}"),
    }
}

#[tokio::test(start_paused = true)]
async fn they_are_recorded_reviewed_and_resumed() {
    let random = &mut Random::new(3);
    let invoice = Invoice {
        id: uuids(random)[5],
        total: "120.50".parse().unwrap(),
        due: dates(random)[3],
        sent: Some(timestamps(random)[4]),
        by_day: civil(random).into_iter().map(jiff::civil::DateTime::date).zip(decimals(random)).collect(),
        links: urls(random),
    };
    let journal = Memory::new();
    let runtime = || Runtime::builder().journal(journal.clone()).workflow(billing).build().unwrap();
    let first = runtime();
    drop(first.start(billing(invoice.clone()).id("r")).await.unwrap());
    while first.waits().await.unwrap().is_empty() {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    first.shut_down(std::time::Duration::ZERO).await;
    let second = runtime();
    second.answer(&flow::run::RunId::named("r"), "approve").accept().await.unwrap();
    assert_eq!(second.run(billing(invoice.clone()).id("r")).await.unwrap(), invoice);
}
