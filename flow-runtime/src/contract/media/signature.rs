//! Detects media types from the first bytes of a file.

/// A media type, and what its files have at an offset; an empty mark is there.
type Signature = (&'static str, usize, &'static [u8], usize, &'static [u8]);

/// Source: <https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern>, and for HEIF the brands of ISO/IEC 23008-12.
const SIGNATURES: &[Signature] = &[
    ("image/png", 0, b"\x89PNG\r\n\x1a\n", 0, b""),
    ("image/jpeg", 0, b"\xff\xd8\xff", 0, b""),
    ("image/gif", 0, b"GIF87a", 0, b""),
    ("image/gif", 0, b"GIF89a", 0, b""),
    ("image/webp", 0, b"RIFF", 8, b"WEBP"),
    ("image/heic", 4, b"ftyp", 8, b"heic"),
    ("image/heic", 4, b"ftyp", 8, b"heix"),
    ("image/heif", 4, b"ftyp", 8, b"mif1"),
    ("audio/wav", 0, b"RIFF", 8, b"WAVE"),
    ("audio/mpeg", 0, b"ID3", 0, b""),
    ("audio/ogg", 0, b"OggS", 0, b""),
    ("audio/flac", 0, b"fLaC", 0, b""),
    ("audio/aiff", 0, b"FORM", 8, b"AIFF"),
    ("audio/aiff", 0, b"FORM", 8, b"AIFC"),
    ("application/pdf", 0, b"%PDF-", 0, b""),
];

/// Returns the media type of a file, or `None` if its first bytes are unknown.
pub(crate) fn signature(bytes: &[u8]) -> Option<&'static str> {
    let has = |at: usize, mark: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark));
    let is = |(_, at, mark, other_at, other): &&Signature| has(*at, mark) && has(*other_at, other);
    SIGNATURES.iter().find(is).map(|(media_type, ..)| *media_type).or_else(|| frame(bytes))
}

/// The type of a bare stream of audio frames. Both begin with twelve set bits; in AAC the layer that follows is zero.
fn frame(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, second, ..] if second & 0xf6 == 0xf0 => Some("audio/aac"),
        [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0 => Some("audio/mpeg"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        for (bytes, media_type) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"GIF89a\x01\0", "image/gif"),
            (b"RIFF\x1a\0\0\0WEBPVP8 ", "image/webp"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
            (b"\0\0\0\x18ftypheic", "image/heic"),
            (b"ID3\x04\0", "audio/mpeg"),
            (b"\xff\xfb\x90\x64", "audio/mpeg"),
            (b"\xff\xf1\x50\x80", "audio/aac"),
            (b"FORM\0\0\0\0AIFFCOMM", "audio/aiff"),
            (b"%PDF-1.7", "application/pdf"),
        ] {
            assert_eq!(signature(bytes), Some(media_type), "{bytes:?}");
        }
        for bytes in [&b""[..], b"\x89PN", b"RIFF\0\0\0\0AVI ", b"<svg", b"hello", b"\xff"] {
            assert_eq!(signature(bytes), None, "{bytes:?}");
        }
    }
}
