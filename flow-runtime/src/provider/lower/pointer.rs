//! JSON pointers, as references in a schema spell them.

/// A key as a token of a JSON pointer (RFC 6901).
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key that a token of a JSON pointer means.
pub(super) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The text of a URI fragment, where non-ASCII names travel as `%C3%B6`. What is no escape stays as it is.
pub(super) fn percent_decoded(fragment: &str) -> String {
    let bytes = fragment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| fragment.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_a_pointer() {
        assert_eq!(unescape(&escape("a/b~c~1")), "a/b~c~1");
    }

    #[test]
    fn fragments_are_decoded_and_stray_percents_stay() {
        assert_eq!(percent_decoded("/$defs/S%C3%B6me%20Name"), "/$defs/Söme Name");
        assert_eq!(percent_decoded("100% é %"), "100% é %");
    }
}
