//! Width and height of pictures, from the first bytes of a file.

/// The size of a picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

impl Dimensions {
    /// Reads the size from a PNG, JPEG, GIF or WebP file; `None` for other or damaged files.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let read = [png, gif, webp, jpeg].into_iter().find_map(|read| read(bytes));
        read.map(|(width, height)| Self { width, height }).filter(|size| size.width > 0 && size.height > 0)
    }
}

type Size = Option<(u32, u32)>;

/// The number in these bytes, the first one highest.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + N).map(|digits| digits.iter().fold(0, |sum, digit| sum << 8 | u32::from(*digit)))
}

/// The number in these bytes, the first one lowest.
fn little<const N: usize>(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + N).map(|digits| digits.iter().rev().fold(0, |sum, digit| sum << 8 | u32::from(*digit)))
}

/// <https://www.w3.org/TR/png-3/#11IHDR>
fn png(bytes: &[u8]) -> Size {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((number::<4>(bytes, 16)?, number::<4>(bytes, 20)?))
}

/// The logical screen: <https://www.w3.org/Graphics/GIF/spec-gif89a.txt>, section 18.
fn gif(bytes: &[u8]) -> Size {
    bytes.starts_with(b"GIF8").then_some(())?;
    Some((little::<2>(bytes, 6)?, little::<2>(bytes, 8)?))
}

/// <https://developers.google.com/speed/webp/docs/riff_container>
fn webp(bytes: &[u8]) -> Size {
    (bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP").then_some(())?;
    match bytes.get(12..16)? {
        b"VP8X" => Some((little::<3>(bytes, 24)? + 1, little::<3>(bytes, 27)? + 1)),
        b"VP8L" => {
            let bits = little::<4>(bytes, 21)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((little::<2>(bytes, 26)? & 0x3fff, little::<2>(bytes, 28)? & 0x3fff)),
        _ => None,
    }
}

/// The first frame header: ITU-T T.81, section B.2.2.
fn jpeg(bytes: &[u8]) -> Size {
    bytes.starts_with(b"\xff\xd8").then_some(())?;
    let mut at = 2;
    loop {
        // Any number of fill bytes may precede a marker.
        while *bytes.get(at)? == 0xff && *bytes.get(at + 1)? == 0xff {
            at += 1;
        }
        (*bytes.get(at)? == 0xff).then_some(())?;
        match *bytes.get(at + 1)? {
            // Huffman tables, arithmetic conditioning and the reserved marker lie among the frame headers.
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => return Some((number::<2>(bytes, at + 7)?, number::<2>(bytes, at + 5)?)),
            0xd9 | 0xda => return None,
            _ => {}
        }
        at += 2 + usize::try_from(number::<2>(bytes, at + 2)?).ok()?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Dimensions;

    fn of(bytes: &[u8]) -> Option<(u32, u32)> {
        Dimensions::of(bytes).map(|size| (size.width, size.height))
    }

    #[test]
    fn each_format_says_its_size() {
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03\x20\0\0\x02\x58\x08\x02"), Some((800, 600)));
        assert_eq!(of(b"GIF89a\x20\x03\x58\x02\0\0\0"), Some((800, 600)));
        assert_eq!(of(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x1f\x03\0\x57\x02\0"), Some((800, 600)));
        assert_eq!(of(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\x30\x01\0\x9d\x01\x2a\x20\x03\x58\x02"), Some((800, 600)));
        // 799 in 14 bits, then 599 in 14 bits.
        let bits = (799_u32 | 599 << 14).to_le_bytes();
        assert_eq!(of(&[&b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f"[..], &bits].concat()), Some((800, 600)));
        let tables = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc4\0\x03\0";
        assert_eq!(of(&[&tables[..], b"\xff\xc2\0\x11\x08\x02\x58\x03\x20\x03"].concat()), Some((800, 600)));
    }

    #[test]
    fn a_file_that_ends_early_has_none() {
        assert_eq!(of(b"\xff\xd8\xff\xe0\0\x10JFIF"), None);
        assert_eq!(of(b"\xff\xd8\xff\xd9"), None);
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0"), None, "no picture is empty");
    }

    proptest! {
        #[test]
        fn no_file_breaks_the_reader(start in 0..4_usize, rest in prop::collection::vec(any::<u8>(), 0..64)) {
            let starts = [&b"\xff\xd8"[..], b"RIFF\0\0\0\0WEBPVP8 ", b"\x89PNG\r\n\x1a\n", b"GIF8"];
            of(&[starts[start], &rest].concat());
        }
    }
}
