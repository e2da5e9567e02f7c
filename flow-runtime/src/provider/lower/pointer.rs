//! JSON pointers, as spelled in schema references.

/// Escapes a key as a JSON pointer token (RFC 6901).
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Unescapes a JSON pointer token.
pub(super) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Decodes a URI fragment, in which non-ASCII names are percent-encoded (`%C3%B6`). Invalid escapes stay unchanged.
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
