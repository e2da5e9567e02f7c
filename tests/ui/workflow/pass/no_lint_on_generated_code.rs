// No lint fires on generated code, however the user's code is laid out.
#![deny(
    warnings,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    if_let_rescope,
    let_underscore_drop,
    missing_copy_implementations,
    missing_debug_implementations,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    tail_expr_drop_order,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::nursery,
    clippy::pedantic,
    clippy::shadow_same,
    clippy::shadow_unrelated
)]
#![allow(clippy::many_single_char_names)]

use flow::prelude::*;

#[contract]
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ledger {
    entries: Vec<Entry>,
}

#[contract]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    cents: i64,
}

#[contract]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Low,
    High,
}

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(600);

#[step]
async fn post(entry: &Entry) -> Result<i64> { Ok(entry.cents) }

#[step(effect = idempotent)]
async fn save(cents: i64) -> Result<()> { if cents < 0 { flow::bail!("negative") } Ok(()) }

#[step(gate = fine, gate = near(cents), fix(lower, 2), fallback = low)]
async fn kind(cents: i64) -> Result<Option<Kind>> { Ok((cents > 3).then_some(Kind::Low)) }

#[step]
async fn low(_cents: i64) -> Result<Option<Kind>> { Ok(Some(Kind::Low)) }

#[step]
async fn lower(kind: Option<Kind>, _rejection: &Rejection) -> Result<Option<Kind>> { Ok(kind) }

#[gate]
fn fine(kind: &Option<Kind>) -> Verdict { Verdict::ensure(*kind != Some(Kind::High), "it is high") }

#[gate]
fn near(kind: &Option<Kind>, cents: &i64) -> Verdict { Verdict::ensure(kind.is_none() || *cents < 99, "it is far") }

#[step(model = FAST, system = "Be brief.", prompt = "{{ cents }}", gate = is_low, cache, concurrency = 2)]
async fn ask(cents: i64) -> Result<Kind>;

#[gate]
fn is_low(kind: &Kind) -> Verdict { Verdict::ensure(*kind == Kind::Low, "it is high") }

#[step(human, timeout = "3d", prompt = "{{ _cents }}")]
async fn review(_cents: i64) -> Result<Review<Entry>>;

#[step(signal, timeout = "3d")]
async fn paid(_entry: &Entry) -> Result<Entry>;

#[step(effect = irreversible, compensate = give_back, unreviewed, timeout = "3s")]
async fn pay(entry: Entry) -> Result<Entry> { Ok(entry) }

#[step(effect = idempotent)]
async fn give_back(_entry: &Entry) -> Result<()> { Ok(()) }

#[step]
async fn seven(a: &str, b: &str, c: &str, d: u8, e: u8, f: u8, g: Option<&str>) -> Result<usize> {
    Ok([a, b, c, g.unwrap_or("")].concat().len() + usize::from(d + e + f))
}

#[step]
async fn first<T>(items: Vec<T>) -> Result<Option<T>> { Ok(items.into_iter().next()) }

#[step]
async fn longer<'a>(one: &'a str, other: &'a str) -> Result<usize> { Ok(one.len().max(other.len())) }

#[workflow]
async fn loops(ledgers: Vec<Ledger>) -> Result<i64> {
    let mut total = 0;
    for l in ledgers.clone() { #[bound(50)] for e in l.entries { total += post(&e).await?; } }
    for l in &ledgers { #[bound(50)] for e in &l.entries { save(e.cents).await? } }
    for l in &ledgers { for e in &l.entries { save(e.cents).await? } }
    'all: for l in &ledgers { for e in &l.entries { if e.cents > 9 { break 'all } save(e.cents).await? } }
    #[bound(9)] while total > 9 { total -= 3; save(total).await? }
    #[bound(9)] while post(&Entry { cents: total }).await? > 3 { total -= 3 }
    #[bound(9, break)] while let Some(_kind) = kind(total).await? { save(1).await? }
    #[bound(9)] loop { if post(&Entry { cents: total }).await? < 3 { break } total -= 1; }
    #[bound(9)] loop { #[bound(9)] while total > 9 { save(1).await? } if total < 9 { break } }
    for _ in 0..3 { save(1).await? }
    for _ in ["a", "b"] { save(1).await? }
    let last = #[bound(3)] loop { if total < 9 { break post(&Entry { cents: total }).await? } };
    Ok(last)
}

#[workflow(max_steps = 1_000, timeout = "1h")]
async fn bounded(ledgers: Vec<Ledger>) -> Result<i64> {
    #[bound(2)] for l in ledgers { #[bound(50)] for e in l.entries { return post(&e).await } }
    Ok(3)
}

#[workflow]
async fn branches(entry: Entry) -> Result<i64> {
    if entry.cents > 9 { save(1).await? } else { for _ in 0..3 { save(1).await? } }
    match entry.cents { 0 => save(1).await?, 1 => { save(2).await? } _ => for _ in 0..3 { save(1).await? } }
    let Some(found) = first::<Entry>(vec![entry]).await? else { return Ok(3) };
    let value = if found.cents > 3 { post(&found).await? } else { 3 };
    let block = { let inner = post(&found).await?; inner + 1 };
    let left = 'left: { if value > 3 { break 'left post(&found).await? } 4 };
    if let Ok(kind) = ask(block).model(FAST).id("asked").timeout("3s").await { return Ok(i64::from(kind == Kind::Low)) }
    Ok(left)
}

#[workflow]
async fn together(ledgers: Vec<Ledger>) -> Result<usize> {
    let entry = Entry { cents: 3 };
    let (one, two) = try_join!(async { post(&entry).await }, async { let x = post(&entry).await?; post(&Entry { cents: x }).await })?;
    let ((), ()) = try_join!(save(1), async { for l in &ledgers { save(l.entries[0].cents).await? } Ok(()) })?;
    let (three, _four) = join!(save(1), save(2));
    three?;
    let all = map(ledgers.clone(), async |l: Ledger| { save(l.entries[0].cents).await }).await?;
    let any = map(ledgers.clone(), async |_| { save(1).await }).await?;
    let more = map(ledgers.clone(), async |_| save(1).await).concurrency(3).bound(9).await?;
    let settled = map(ledgers, async |l: Ledger| { for e in l.entries { save(e.cents).await? } Ok(()) }).settle().await?;
    let nested = map(vec![one, two], async |cents: i64| { let (a, b) = try_join!(post(&Entry { cents }), post(&Entry { cents }))?; map(vec![a, b], async |each: i64| post(&Entry { cents: each }).await).await }).await?;
    Ok(all.len() + any.len() + more.len() + settled.len() + nested.len())
}

#[workflow]
async fn people(entry: Entry) -> Result<i64> {
    let entry = match review(entry.cents).await? { Review::Accept(entry) | Review::Edit(entry) => entry, Review::Reject { reason } => flow::bail!("{reason}") };
    let paid = paid(&entry).await?;
    let _paid = pay(paid).await?;
    flow::sleep("1s").await?;
    let _now = flow::now().await?;
    let _id = flow::uuid().await?;
    let _undone = give_back(&entry).await;
    let length = longer("a", "b").await?;
    let more = seven("a", "b", "c", 1, 2, 3, None).await?;
    Ok(entry.cents + i64::try_from(length + more).unwrap_or(0))
}

#[workflow]
async fn wide(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, #[state] _names: &String) -> Result<i64> {
    post(&Entry { cents: [a, b, c, d, e, f, g].into_iter().map(i64::from).sum() }).await
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    let ledger = Ledger { entries: vec![Entry { cents: 1 }, Entry { cents: 2 }] };
    let (runtime, _) = Runtime::test().state(String::new()).answer(ask, Kind::Low).build()?;
    assert_eq!(runtime.run(loops(vec![ledger.clone(), ledger.clone()])).await?, 2);
    assert_eq!(runtime.run(bounded(vec![ledger.clone()])).await?, 1);
    assert_eq!(runtime.run(branches(Entry { cents: 1 })).await?, 1);
    assert_eq!(runtime.run(together(vec![ledger.clone(), ledger])).await?, 10);
    assert_eq!(runtime.run(wide(1, 1, 1, 1, 1, 1, 1)).await?, 7);
    drop(people(Entry { cents: 1 }));
    Ok(())
}
