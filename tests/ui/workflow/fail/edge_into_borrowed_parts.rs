// A value that does not fit into a borrowed list, tuple, option or map is reported once.
// errors: 12
use std::borrow::Cow;
use std::collections::BTreeMap;

use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Report {
    pub age: u8,
    pub ages: Vec<u8>,
    pub texts: Vec<String>,
    pub pair: (u32, String),
    pub maybe: Option<Vec<Option<String>>>,
    pub map: BTreeMap<String, u32>,
}

#[step]
async fn load(text: &str) -> Result<Report> {
    let map = BTreeMap::from([(text.to_owned(), 3)]);
    Ok(Report { age: 3, ages: vec![3], texts: vec![], pair: (3, "a".into()), maybe: None, map })
}

#[step]
async fn list(texts: &[&str]) -> Result<usize> {
    Ok(texts.len())
}

#[step]
async fn owned_list(texts: Vec<&str>) -> Result<usize> {
    Ok(texts.len())
}

#[step]
async fn optional_list(texts: Option<&[&str]>) -> Result<usize> {
    Ok(texts.map_or(0, <[&str]>::len))
}

#[step]
async fn pair(pair: (&str, u32)) -> Result<usize> {
    Ok(pair.0.len())
}

#[step]
async fn optional_pair(pair: Option<(&str, u32)>) -> Result<usize> {
    Ok(pair.map_or(0, |pair| pair.0.len()))
}

#[step]
async fn pairs(pairs: &[(&str, u32)]) -> Result<usize> {
    Ok(pairs.len())
}

#[step]
async fn lent_pair(pair: &(&str, u32)) -> Result<usize> {
    Ok(pair.0.len())
}

#[step]
async fn cows(texts: Vec<Cow<'_, str>>) -> Result<usize> {
    Ok(texts.len())
}

#[step]
async fn twice_lent(text: &&str) -> Result<usize> {
    Ok(text.len())
}

#[step]
async fn entries(map: BTreeMap<&str, &str>) -> Result<usize> {
    Ok(map.len())
}

#[workflow]
async fn screen(text: String) -> Result<usize> {
    let report = load(&text).await?;
    let lists = list(&report.ages).await?
        + owned_list(report.ages.clone()).await?
        + optional_list(report.maybe).await?
        + optional_list(report.age).await?
        + cows(report.ages.clone()).await?;
    let pairs = pair(report.pair.clone()).await?
        + optional_pair(report.texts.clone()).await?
        + pairs(&report.texts).await?
        + lent_pair(&report.pair).await?;
    Ok(lists + pairs + twice_lent(&report.age).await? + twice_lent(&report.texts).await? + entries(report.map).await?)
}

fn main() {}
