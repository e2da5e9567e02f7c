//! The number of pages of a PDF document.

/// The number of page objects in a file, which is at least its number of pages; `None` if they cannot be counted because objects
/// are compressed.
pub(crate) fn pages(bytes: &[u8]) -> Option<u64> {
    let mut count = 0;
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'/') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"ObjStm") {
            return None;
        }
        let Some(value) = rest.strip_prefix(b"Type") else { continue };
        let name = value.trim_ascii_start();
        let is_page =
            name.strip_prefix(b"/Page").is_some_and(|end| !end.first().is_some_and(u8::is_ascii_alphanumeric));
        count += u64::from(is_page);
    }
    (count > 0).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::pages;

    #[test]
    fn pages_are_counted_but_not_their_tree() {
        let two = b"%PDF-1.4 1 0 obj <</Type /Pages /Kids [2 0 R 3 0 R]>> 2 0 obj <</Type/Page>> 3 0 obj <</Type\n/Page/Parent 1 0 R>>";
        assert_eq!(pages(two), Some(2));
        assert_eq!(pages(b"%PDF-1.5 1 0 obj <</Type /ObjStm>> <</Type /Page>>"), None, "more may be compressed");
        assert_eq!(pages(b"%PDF-1.4"), None);
        assert_eq!(pages(b"%PDF-1.4 /Type /PageLabel /"), None);
    }
}
