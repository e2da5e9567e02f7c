//! Attachments in the items of the Responses API.

use serde_json::{Value, json};

use crate::media::{MediaKind, MediaSource};
use crate::prompt::{Content, Part};
use crate::provider::MediaKinds;
use crate::provider::attached::{Form, MB, Taken};

/// The kinds that the API takes; it has no audio.
pub(in crate::provider::openai) const MEDIA: MediaKinds = MediaKinds::of(&[MediaKind::Image, MediaKind::Pdf]);

/// See <https://platform.openai.com/docs/guides/images-vision>, <https://platform.openai.com/docs/guides/pdf-files>.
pub(super) static TAKEN: Taken = Taken {
    forms: &[
        Form { media_type: "image/png", name: "input_image", most: 20 * MB },
        Form { media_type: "image/jpeg", name: "input_image", most: 20 * MB },
        Form { media_type: "image/webp", name: "input_image", most: 20 * MB },
        Form { media_type: "image/gif", name: "input_image", most: 20 * MB },
        Form { media_type: "application/pdf", name: "input_file", most: 50 * MB },
    ],
    urls: &[MediaKind::Image, MediaKind::Pdf],
    most: 50 * MB,
    in_results: true,
};

pub(super) fn has_media(content: &Content) -> bool {
    content.parts().iter().any(|part| matches!(part, Part::Media { .. }))
}

/// The texts and attachments of a content.
pub(super) fn blocks(content: &Content) -> Value {
    content.parts().iter().filter_map(block).collect()
}

fn block(part: &Part) -> Option<Value> {
    let Part::Media { media_type, source } = part else {
        let text = part.as_text().filter(|text| !text.is_empty())?;
        return Some(json!({"type": "input_text", "text": text}));
    };
    let data = |source: &MediaSource| match source {
        MediaSource::Url(url) => url.clone(),
        MediaSource::Data(data) => format!("data:{media_type};base64,{}", data.base64()),
    };
    Some(match (MediaKind::of(media_type)?, source) {
        (MediaKind::Image, source) => json!({"type": "input_image", "image_url": data(source), "detail": "auto"}),
        (_, MediaSource::Url(url)) => json!({"type": "input_file", "file_url": url}),
        // A name is required, and shown to the model.
        (_, source) => json!({"type": "input_file", "filename": "document.pdf", "file_data": data(source)}),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Image, Pdf};

    #[test]
    fn pictures_and_documents_are_parts_of_a_message() {
        let image = Image::url("https://example.com/a.png").unwrap();
        let pdf = Pdf::bytes(None, b"%PDF-1.7\n".to_vec()).unwrap();
        let content = Content::from(vec![Part::text("Read."), Part::from(&image), Part::from(&pdf)]);
        let expected = json!([
            {"type": "input_text", "text": "Read."},
            {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "auto"},
            {"type": "input_file", "filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjcK"}
        ]);
        assert_eq!(blocks(&content), expected);
    }
}
