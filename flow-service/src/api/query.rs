//! Query parameters: each must be known, and may occur once.

use axum::extract::Query as Pairs;
use axum::http::Uri;

use crate::problem::{Kind, Problem};

pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn read(uri: &Uri, known: &[&str]) -> Result<Self, Problem> {
        let refused = |text: String| Err(Problem::new(Kind::BadRequest, text));
        let pairs = match Pairs::<Vec<(String, String)>>::try_from_uri(uri) {
            Ok(Pairs(pairs)) => pairs,
            Err(error) => return refused(error.body_text()),
        };
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let takes = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
                return refused(format!("unknown query parameter `{name}`; this path accepts {takes}"));
            }
            if pairs[..at].iter().any(|(other, _)| other == name) {
                return refused(format!("the query parameter `{name}` occurs twice"));
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &'static str) -> Option<Query> {
        Query::read(&Uri::from_static(query), &["id", "wait"]).ok()
    }

    #[test]
    fn parameters_are_decoded() {
        assert_eq!(read("/x?wait=1&id=a%3Ab").unwrap().get("id"), Some("a:b"));
        assert_eq!(read("/x").unwrap().get("id"), None);
    }

    #[test]
    fn unknown_and_repeated_parameters_are_refused() {
        assert!(read("/x?wiat=1").is_none() && read("/x?id=a&id=a").is_none());
    }
}
