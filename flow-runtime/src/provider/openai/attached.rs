//! Attachments in chat completions.

use serde_json::{Value, json};

use crate::media::{MediaKind, MediaSource};
use crate::prompt::Part;
use crate::provider::attached::{Form, MB, Taken};

/// Sources: <https://platform.openai.com/docs/guides/images-vision#image-input-requirements>,
/// <https://platform.openai.com/docs/guides/pdf-files>, <https://platform.openai.com/docs/guides/audio>, 2026-11-30. Only pictures are
/// fetched from URLs: <https://platform.openai.com/docs/api-reference/chat/create>.
const FORMS: &[Form] = &[
    Form { media_type: "image/png", name: "image/png", most: 20 * MB },
    Form { media_type: "image/jpeg", name: "image/jpeg", most: 20 * MB },
    Form { media_type: "image/webp", name: "image/webp", most: 20 * MB },
    Form { media_type: "image/gif", name: "image/gif", most: 20 * MB },
    Form { media_type: "application/pdf", name: "application/pdf", most: 50 * MB },
    Form { media_type: "audio/wav", name: "wav", most: 50 * MB },
    Form { media_type: "audio/mpeg", name: "mp3", most: 50 * MB },
];

pub(super) static CHAT: Taken = Taken { forms: FORMS, urls: &[MediaKind::Image], most: 50 * MB, in_results: false };

/// Servers that fetch nothing.
pub(super) static BYTES: Taken = Taken { urls: &[], ..CHAT };

/// A part of a user message; `None` for parts that are messages of their own.
pub(super) fn block(part: &Part, taken: &Taken) -> Option<Value> {
    match part {
        Part::Text { text } => Some(json!({"type": "text", "text": text})),
        Part::Media { source: MediaSource::Url(url), .. } => {
            Some(json!({"type": "image_url", "image_url": {"url": url}}))
        }
        Part::Media { media_type, source: MediaSource::Data(data) } => {
            let name = taken.name(media_type)?;
            let address = || format!("data:{name};base64,{}", data.base64());
            Some(match MediaKind::of(media_type)? {
                MediaKind::Image => json!({"type": "image_url", "image_url": {"url": address()}}),
                MediaKind::Audio => {
                    json!({"type": "input_audio", "input_audio": {"data": data.base64(), "format": name}})
                }
                // A name is required, and shown to the model.
                MediaKind::Pdf => json!({"type": "file", "file": {"filename": "document.pdf", "file_data": address()}}),
            })
        }
        _ => None,
    }
}
