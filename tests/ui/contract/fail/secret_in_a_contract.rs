// A contract must not contain a secret, however it is wrapped.
// errors: 4
use flow::prelude::*;

#[contract]
pub struct Account {
    pub name: String,
    pub token: Secret<String>,
    pub old: Vec<Secret<String>>,
}

#[contract]
pub enum Login {
    Token(Secret<String>),
    Password { word: Option<flow::Secret<String>> },
    Nobody,
}

#[step]
async fn open(name: String) -> Result<Account> {
    Ok(Account { name, token: Secret::new(String::new()), old: Vec::new() })
}

fn main() {}
