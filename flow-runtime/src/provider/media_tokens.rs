//! The most tokens that attachments count as, by the rules that providers document.

use super::{Model, Request};
use crate::media::{Dimensions, MediaKind, MediaSource, pages};
use crate::prompt::Part;

impl Request {
    /// The most tokens of all attachments.
    ///
    /// # Errors
    ///
    /// Returns the media type of the first one that no rule covers.
    pub(crate) fn media_tokens(&self) -> Result<u64, &str> {
        let parts = self.prompt.messages.iter().flat_map(|message| message.content.all_parts());
        parts.filter_map(|part| most(&self.model, part)).sum()
    }
}

/// The most tokens of a part; `None` if it is not an attachment.
fn most<'p>(model: &Model, part: &'p Part) -> Option<Result<u64, &'p str>> {
    let Part::Media { media_type, source } = part else { return None };
    let bytes = match source {
        MediaSource::Data(data) => Some(&data[..]),
        MediaSource::Url(_) => None,
    };
    let kind = MediaKind::of(media_type)?;
    let known = match model.provider() {
        "openai" => openai(model, kind, bytes),
        "anthropic" => anthropic(kind, bytes),
        "gemini" => gemini(kind, media_type, bytes),
        _ => None,
    };
    Some(known.ok_or(media_type))
}

/// Pictures are cut into tiles or patches, by prefix of the model's name; the longest one counts.
/// Source: <https://platform.openai.com/docs/guides/images-vision#calculating-costs>, 2026-11-30. For documents and audio it has no
/// rule.
const PICTURES: &[(&str, Picture)] = &[
    ("gpt-4.1", Picture::Tiles { base: 85, tile: 170 }),
    ("gpt-4.1-mini", Picture::Patches { percent: 162 }),
    ("gpt-4.1-nano", Picture::Patches { percent: 246 }),
    ("gpt-4o", Picture::Tiles { base: 85, tile: 170 }),
    ("gpt-4o-mini", Picture::Tiles { base: 2_833, tile: 5_667 }),
    ("gpt-5-", Picture::Tiles { base: 70, tile: 140 }),
    ("gpt-5-mini", Picture::Patches { percent: 162 }),
    ("gpt-5-nano", Picture::Patches { percent: 246 }),
    ("o1", Picture::Tiles { base: 75, tile: 150 }),
    ("o3", Picture::Tiles { base: 75, tile: 150 }),
    ("o4-mini", Picture::Patches { percent: 172 }),
];

/// How a picture is counted.
#[derive(Clone, Copy)]
enum Picture {
    /// Scaled to 768 pixels on the shorter side, at most 2,048 on the longer one; then tiles of 512 pixels.
    Tiles { base: u64, tile: u64 },
    /// Patches of 32 pixels, at most 1,536, each counted as so many hundredths of a token.
    Patches { percent: u64 },
}

fn openai(model: &Model, kind: MediaKind, bytes: Option<&[u8]>) -> Option<u64> {
    let name = format!("{}-", model.api_name());
    let is_of = |start: &str| name.starts_with(start) && (start.ends_with('-') || name[start.len()..].starts_with('-'));
    let rules = PICTURES.iter().filter(|(start, _)| is_of(start));
    let (_, rule) = rules.max_by_key(|(start, _)| start.len()).filter(|_| kind == MediaKind::Image)?;
    let size = bytes.and_then(Dimensions::of);
    Some(match *rule {
        Picture::Tiles { base, tile } => base + tile * size.map_or(8, tiles),
        Picture::Patches { percent } => (size.map_or(1_536, |size| grid(size, 32).min(1_536)) * percent).div_ceil(100),
    })
}

/// The number of tiles of a picture, if small ones are made larger, too; never more than 4 by 2.
fn tiles(size: Dimensions) -> u64 {
    let (longer, shorter) = (u64::from(size.width.max(size.height)), u64::from(size.width.min(size.height)));
    (longer * 768).div_ceil(shorter.max(1)).min(2_048).div_ceil(512) * 2
}

/// The number of squares that cover a picture.
fn grid(size: Dimensions, side: u64) -> u64 {
    u64::from(size.width).div_ceil(side) * u64::from(size.height).div_ceil(side)
}

/// A picture has about a token for 750 pixels, and at most as many as the newest models count; a page of a document is a picture
/// and up to 3,000 tokens of text.
/// Sources: <https://platform.claude.com/docs/en/build-with-claude/vision.md>,
/// <https://platform.claude.com/docs/en/build-with-claude/pdf-support>, 2026-11-30.
fn anthropic(kind: MediaKind, bytes: Option<&[u8]>) -> Option<u64> {
    const PICTURE: u64 = 4_784;
    match kind {
        MediaKind::Image => Some(bytes.and_then(Dimensions::of).map_or(PICTURE, |size| {
            let area = (u64::from(size.width) * u64::from(size.height)).div_ceil(750);
            area.max(grid(size, 28)).min(PICTURE)
        })),
        MediaKind::Pdf => Some(pages(bytes?)?.saturating_mul(PICTURE + 3_000)),
        MediaKind::Audio => None,
    }
}

/// Tiles of 768 pixels with 258 tokens each up to version 2, at most 1,120 for a picture or page from version 3 on; audio has 32 for
/// a second.
/// Sources: <https://ai.google.dev/gemini-api/docs/tokens>, <https://ai.google.dev/gemini-api/docs/media-resolution>, 2026-11-30.
fn gemini(kind: MediaKind, media_type: &str, bytes: Option<&[u8]>) -> Option<u64> {
    const WHOLE: u64 = 1_120;
    match kind {
        MediaKind::Image => Some((grid(Dimensions::of(bytes?)?, 768) * 258).max(WHOLE)),
        MediaKind::Pdf => Some(pages(bytes?)?.saturating_mul(WHOLE)),
        // The lowest bit rate of MP3 is 8,000 a second: ISO/IEC 13818-3.
        MediaKind::Audio if media_type == "audio/mpeg" => Some((bytes?.len() as u64 * 32).div_ceil(1_000)),
        MediaKind::Audio => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Audio, Image, Pdf};
    use crate::prompt::Prompt;

    fn png(width: u32, height: u32) -> Part {
        let header = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat();
        (&Image::bytes(None, header).unwrap()).into()
    }

    fn tokens(model: &'static str, part: Part) -> Result<u64, String> {
        let request = Request::new(Model::new(model), Prompt::user(vec![Part::text("Look:"), part]));
        request.media_tokens().map_err(str::to_owned)
    }

    #[test]
    fn tiles_and_patches_are_those_of_the_documented_examples() {
        assert_eq!(tokens("openai/gpt-4o", png(1024, 1024)), Ok(765));
        assert_eq!(tokens("openai/gpt-4o", png(2048, 4096)), Ok(1_105));
        assert_eq!(tokens("openai/gpt-4o-2024-08-06", png(100, 100)), Ok(765), "never too few");
        assert_eq!(tokens("openai/gpt-4.1-mini", png(1024, 1024)), Ok(1_659), "1,024 patches");
        assert_eq!(tokens("openai/gpt-5-mini", png(4000, 4000)), Ok(2_489), "the largest");
        assert_eq!(tokens("openai/gpt-5", png(512, 512)), Ok(630));
        assert_eq!(tokens("anthropic/claude-haiku-4-5", png(1000, 1000)), Ok(1_334));
        assert_eq!(tokens("anthropic/claude-opus-4-8", png(8000, 8000)), Ok(4_784));
        assert_eq!(tokens("gemini/gemini-2.5-flash", png(300, 300)), Ok(1_120));
        assert_eq!(tokens("gemini/gemini-2.5-flash", png(3000, 2000)), Ok(12 * 258));
    }

    #[test]
    fn pages_and_seconds_count() {
        let two = Pdf::bytes(None, *b"%PDF-1.4 <</Type /Pages>> <</Type /Page>> <</Type /Page>>").unwrap();
        assert_eq!(tokens("anthropic/claude-haiku-4-5", (&two).into()), Ok(2 * 7_784));
        assert_eq!(tokens("gemini/gemini-3-flash", (&two).into()), Ok(2_240));
        let mut second = b"ID3".to_vec();
        second.resize(1_000, 0);
        assert_eq!(tokens("gemini/gemini-3-flash", (&Audio::bytes(None, second).unwrap()).into()), Ok(32));
    }

    #[test]
    fn what_is_at_a_url_has_the_largest_number_if_there_is_one() {
        let url = || Part::from(&Image::url("https://a.example/b.png").unwrap());
        assert_eq!(tokens("openai/gpt-4o", url()), Ok(85 + 8 * 170));
        assert_eq!(tokens("anthropic/claude-haiku-4-5", url()), Ok(4_784));
        assert_eq!(tokens("gemini/gemini-3-flash", url()), Err("image/png".to_owned()));
    }

    #[test]
    fn without_a_rule_nothing_is_guessed() {
        for model in ["openai/gpt-5.4", "openai/gpt-50", "openai/gpt-6", "local/llava", "groq/llama"] {
            assert_eq!(tokens(model, png(10, 10)), Err("image/png".to_owned()), "{model}");
        }
        let pdf = Pdf::bytes(None, *b"%PDF-1.4 <</Type /Page>>").unwrap();
        assert_eq!(tokens("openai/gpt-4o", (&pdf).into()), Err("application/pdf".to_owned()));
        assert_eq!(tokens("local/any", Part::text("Hi")), Ok(0));
    }
}
