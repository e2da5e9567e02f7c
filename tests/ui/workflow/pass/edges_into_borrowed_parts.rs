// Values of other types fit into borrowed lists, tuples, options and maps.
use std::borrow::Cow;
use std::collections::BTreeMap;

use flow::prelude::*;

#[contract]
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Bug,
    Wish,
}

#[contract]
#[derive(Clone, Debug)]
#[serde(transparent)]
pub struct Name(String);

#[contract]
#[derive(Clone, Debug)]
pub struct Report {
    pub texts: Vec<String>,
    pub names: Vec<Name>,
    pub kinds: Vec<Kind>,
    pub pair: (Kind, u8),
    pub pairs: Vec<(String, u32)>,
    pub maybe: Vec<Option<Kind>>,
    pub some: Option<Vec<String>>,
    pub map: BTreeMap<String, Kind>,
}

#[step]
async fn load(text: &str) -> Result<Report> {
    let text = || text.to_owned();
    Ok(Report {
        texts: vec![text(), "a \"quoted\"\ttext".into()],
        names: vec![Name(text())],
        kinds: vec![Kind::Bug, Kind::Wish],
        pair: (Kind::Wish, 3),
        pairs: vec![(text(), 4)],
        maybe: vec![Some(Kind::Bug), None],
        some: Some(vec![text()]),
        map: BTreeMap::from([("k\\ey".into(), Kind::Bug)]),
    })
}

#[step]
async fn list(texts: &[&str]) -> Result<String> {
    Ok(texts.join(","))
}

#[step(retry = 2)]
async fn owned_list(texts: Vec<&str>) -> Result<String> {
    Ok(texts.join(","))
}

#[step]
async fn optional_list(texts: Option<&[&str]>) -> Result<String> {
    Ok(texts.unwrap_or_default().join(","))
}

#[step]
async fn pair(pair: (&str, u32)) -> Result<String> {
    Ok(format!("{}{}", pair.0, pair.1))
}

#[step]
async fn optional_pair(pair: Option<(&str, u32)>) -> Result<String> {
    Ok(pair.map_or(String::new(), |pair| format!("{}{}", pair.0, pair.1)))
}

#[step]
async fn pairs(pairs: &[(&str, u32)]) -> Result<String> {
    Ok(pairs.iter().map(|(text, number)| format!("{text}{number}")).collect())
}

#[step]
async fn lent_pair(pair: &(String, u32)) -> Result<String> {
    Ok(format!("{}{}", pair.0, pair.1))
}

#[step]
async fn options(texts: Vec<Option<&str>>) -> Result<String> {
    Ok(texts.into_iter().map(|text| text.unwrap_or("-")).collect())
}

#[step]
async fn optional_cow(text: Option<Cow<'_, str>>) -> Result<String> {
    Ok(text.unwrap_or_default().into_owned())
}

#[step]
async fn cows(texts: Vec<Cow<'_, str>>) -> Result<String> {
    Ok(texts.concat())
}

#[step]
async fn twice_lent(text: &&str) -> Result<String> {
    Ok((*text).to_owned())
}

#[step]
async fn entries(map: BTreeMap<&str, &str>) -> Result<String> {
    Ok(map.into_iter().map(|(key, value)| format!("{key}={value}")).collect())
}

#[workflow]
async fn all(text: String) -> Result<Vec<String>> {
    let report = load(&text).await?;
    let lists = [
        list(&report.texts).await?,
        list(&report.names).await?,
        list(&report.kinds).await?,
        list(&[&text, "written"]).await?,
        owned_list(report.texts.clone()).await?,
        owned_list(report.texts.iter().map(String::as_str).collect()).await?,
        optional_list(report.some.clone()).await?,
        optional_list(Some(&["written"])).await?,
        options(report.maybe.clone()).await?,
        cows(report.kinds.clone()).await?,
    ];
    let others = [
        pair(report.pair).await?,
        pair((&text, 5)).await?,
        optional_pair(report.pair).await?,
        pairs(&report.pairs).await?,
        pairs(&[(&text, 6)]).await?,
        lent_pair(&report.pair).await?,
        optional_cow(report.pair.0).await?,
        twice_lent(&report.pair.0).await?,
        entries(report.map.clone()).await?,
    ];
    let each = map(report.pairs, async |one| pair(one).await).await?;
    Ok([&lists[..], &others[..], &each[..]].concat())
}

fn main() {
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let runtime = Runtime::builder().build().unwrap();
    let texts = tokio.block_on(runtime.run(all("x".into()))).unwrap();
    let quoted = "x,a \"quoted\"\ttext";
    let lists = [quoted, "x", "Bug,Wish", "x,written", quoted, quoted, "x", "written", "Bug-", "BugWish"];
    let others = ["Wish3", "x5", "Wish3", "x4", "x6", "Wish3", "Wish", "Wish", "k\\ey=Bug"];
    assert_eq!(texts, [&lists[..], &others[..], &["x4"][..]].concat());
}
