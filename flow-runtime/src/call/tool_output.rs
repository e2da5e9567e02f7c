//! What a tool returned, as a model reads it.

use serde_json::Value;

use crate::error::Result;
use crate::media::{Medium, detached, marked};
use crate::prompt::{Content, Part};

/// What a tool returned, as a model reads it.
#[derive(Clone, Debug)]
pub struct ToolOutput {
    /// The output, in which `[attachment 1]` and so on stand for the attachments.
    pub(crate) value: Value,
    /// The attachments, in the order of their references.
    media: Vec<Medium>,
}

impl ToolOutput {
    /// The output that `encode` writes.
    pub(super) fn of(encode: impl FnOnce() -> Result<Value>) -> Result<Self> {
        let (value, media) = marked(reference, encode);
        Ok(Self { value: value?, media })
    }

    /// The output as it was recorded.
    pub(crate) fn recorded(output: Value) -> Self {
        let (value, media) = detached(output, reference);
        Self { value, media }
    }

    /// The text of the output, and its attachments after it.
    pub(crate) fn into_content(self) -> Content {
        let text = match self.value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        [Part::text(text)].into_iter().chain(self.media.iter().map(Part::media)).collect()
    }
}

/// How the text refers to an attachment, by its index.
fn reference(index: usize) -> String {
    format!("[attachment {}]", index + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::{decode, encode};
    use crate::media::{Image, recorded};

    type Photos = (String, Vec<Image>, Option<Image>);

    /// Two pictures in memory, one of them twice, and the content that a model reads.
    fn photos(last: &[u8]) -> (Photos, Content) {
        let photo = |end: &[u8]| Image::bytes(None, [b"GIF89a", end].concat()).unwrap();
        let photos = ("two".to_owned(), vec![photo(b"one"), photo(last), photo(b"one")], None);
        let text = r#"["two",["[attachment 1]","[attachment 2]","[attachment 1]"],null]"#;
        let content = vec![Part::text(text), (&photos.1[0]).into(), (&photos.1[1]).into()];
        (photos, content.into())
    }

    #[test]
    fn a_model_reads_attachments_after_the_text() {
        let (photos, content) = photos(b"two");
        assert_eq!(ToolOutput::of(|| encode(&photos)).unwrap().into_content(), content);
        let photo = Image::url("https://a.example/b.png").unwrap();
        let alone = ToolOutput::of(|| encode(&photo)).unwrap().into_content();
        assert_eq!(alone, Content::from(vec![Part::text("[attachment 1]"), (&photo).into()]));
    }

    #[test]
    fn a_recorded_output_reads_the_same() {
        let (photos, content) = photos(b"recorded");
        let (output, _) = recorded(|| encode(&photos).unwrap());
        assert!(output.to_string().contains("sha256:"));
        assert_eq!(ToolOutput::recorded(output.clone()).into_content(), content);
        let read: Photos = recorded(|| decode(output).unwrap()).0;
        assert_eq!(ToolOutput::of(|| encode(&read)).unwrap().into_content(), content);
    }

    #[test]
    fn other_outputs_are_text() {
        let form = json!({"media_type": "image/gif", "data": "R0lGODlhAQABAAAAADs="});
        assert_eq!(ToolOutput::recorded(form.clone()).into_content(), form.to_string().as_str());
        assert_eq!(ToolOutput::recorded(json!("a")).into_content(), "a");
    }
}
