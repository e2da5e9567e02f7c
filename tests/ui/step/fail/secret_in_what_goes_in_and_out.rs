// Steps and workflows must neither take nor return a secret, however it is wrapped.
// errors: 6
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn login(token: Secret<String>) -> Result<u32> {
    Ok(token.expose().len() as u32)
}

#[step]
async fn refresh(name: String) -> Result<Secret<String>> {
    Ok(Secret::new(name))
}

#[step]
async fn all(names: Vec<String>, old: &[Secret<String>]) -> Result<Vec<Option<flow::Secret<String>>>> {
    Ok(names.into_iter().map(|name| Some(Secret::new(name))).collect())
}

#[workflow]
async fn work(token: Option<Secret<String>>) -> Result<Secret<u32>> {
    Ok(Secret::new(1))
}

fn main() {}
