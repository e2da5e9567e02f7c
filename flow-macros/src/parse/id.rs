//! Ids, which become part of places.

use syn::LitStr;

/// The separators in a place such as `map[17]/summarize.2`.
const SEPARATORS: [char; 4] = ['/', '.', '[', ']'];

/// Checks an id: not empty, no separators, no control characters. The runtime has the same rule.
pub(crate) fn id(text: LitStr) -> syn::Result<LitStr> {
    match wrong(&text.value()) {
        None => Ok(text),
        Some(message) => Err(syn::Error::new(text.span(), message)),
    }
}

fn wrong(id: &str) -> Option<String> {
    if id.is_empty() {
        return Some(
            "an id must not be empty, since results are recorded under it: remove `id`, or give it a name".into(),
        );
    }
    if id.contains(char::is_control) {
        return Some(format!("invalid id {id:?}: control characters are not allowed, since people read and type ids"));
    }
    let separator = id.chars().find(|letter| SEPARATORS.contains(letter))?;
    let plain = id.replace(SEPARATORS, "-");
    Some(format!(
        "invalid id `{id}`: `{separator}` separates the parts of a place, as in `map[17]/summarize.2`; write `{plain}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn separators_of_places_are_refused() {
        for id in ["extract", "extract#2", "cv-17", "Ä b"] {
            assert_eq!(wrong(id), None);
        }
        assert!(wrong("").is_some_and(|message| message.contains("must not be empty")));
        for id in ["a\nb", "a\u{1b}[2Jb", "\t"] {
            assert!(wrong(id).is_some_and(|message| message.contains("control characters")), "{id:?}");
        }
        for id in ["a/b", "a.b", "a[b", "a]b"] {
            assert!(wrong(id).is_some_and(|message| message.ends_with("write `a-b`")), "{id}");
        }
    }
}
