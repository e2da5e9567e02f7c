//! Attachments in requests: what an endpoint takes, as data.

use super::{Failure, FailureKind};
use crate::contract::MediaKind;
use crate::media::MediaSource;
use crate::prompt::{Message, Part, Prompt, Role};

/// One media type that an endpoint takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) media_type: &'static str,
    /// The endpoint's own word for it.
    pub(super) name: &'static str,
    /// The most bytes of one file, before Base64.
    pub(super) most: usize,
}

/// The attachments that an endpoint takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) forms: &'static [Form],
    /// The kinds that may be at a URL.
    pub(super) urls: &'static [MediaKind],
    /// The most bytes of all files of a request, before Base64.
    pub(super) most: usize,
    /// Whether the results of tools may have attachments.
    pub(super) in_results: bool,
}

pub(super) const MB: usize = 1_000_000;

/// Three bytes are four characters in Base64.
pub(super) const fn before_base64(characters: usize) -> usize {
    characters / 4 * 3
}

impl Taken {
    /// Rejects attachments that the endpoint does not take, before they are sent.
    pub(super) fn check(&self, prompt: &Prompt) -> Result<(), Failure> {
        let mut sum = 0;
        for message in &prompt.messages {
            for part in message.content.parts() {
                sum += self.weighed(message, part)?;
            }
        }
        match sum > self.most {
            false => Ok(()),
            true => {
                Err(refused(format!("the attachments have {sum} bytes together, the provider takes {}", self.most)))
            }
        }
    }

    /// The endpoint's own word for a media type that it takes.
    pub(super) fn name(&self, media_type: &str) -> Option<&'static str> {
        self.forms.iter().find(|form| form.media_type == media_type).map(|form| form.name)
    }

    /// The number of bytes of a part.
    fn weighed(&self, message: &Message, part: &Part) -> Result<usize, Failure> {
        match part {
            Part::Media { media_type, .. } if message.role != Role::User => {
                Err(refused(format!("the prompt attaches `{media_type}` to a message that is not the user's")))
            }
            Part::Media { media_type, source } => self.size(media_type, source),
            Part::ToolResult { content, .. } => {
                let mut sum = 0;
                for part in content.parts() {
                    sum += match part {
                        Part::Text { .. } => 0,
                        Part::Media { media_type, source } if self.in_results => self.size(media_type, source)?,
                        _ => return Err(refused("tool results can contain only text".to_owned())),
                    };
                }
                Ok(sum)
            }
            _ => Ok(0),
        }
    }

    fn size(&self, media_type: &str, source: &MediaSource) -> Result<usize, Failure> {
        let kind = MediaKind::of(media_type);
        let is_taken = |form: &&Form| form.media_type == media_type;
        match (source, self.forms.iter().find(is_taken)) {
            (MediaSource::Url(_), form) => {
                let is_kind_taken = form.is_some()
                    || media_type.ends_with("/*")
                        && self.forms.iter().any(|form| MediaKind::of(form.media_type) == kind);
                match kind {
                    Some(kind) if is_kind_taken && self.urls.contains(&kind) => Ok(0),
                    Some(_) if is_kind_taken => {
                        Err(refused(format!("the provider does not fetch `{media_type}` from a URL: attach the bytes")))
                    }
                    _ => Err(self.unknown(media_type)),
                }
            }
            (MediaSource::Data(data), _) if data.is_empty() => {
                Err(refused(format!("the bytes of the attached `{media_type}` ({}) are missing", data.hash())))
            }
            (MediaSource::Data(_), None) => Err(self.unknown(media_type)),
            (MediaSource::Data(data), Some(form)) if data.len() > form.most => Err(refused(format!(
                "an attachment of type `{media_type}` has {} bytes, the provider takes {}",
                data.len(),
                form.most
            ))),
            (MediaSource::Data(data), Some(_)) => Ok(data.len()),
        }
    }

    fn unknown(&self, media_type: &str) -> Failure {
        let known: Vec<_> = self.forms.iter().map(|form| format!("`{}`", form.media_type)).collect();
        let known = if known.is_empty() { "no attachments".to_owned() } else { known.join(", ") };
        refused(format!("the provider does not take `{media_type}`; it takes {known}"))
    }
}

fn refused(text: String) -> Failure {
    Failure::new(FailureKind::InvalidRequest, text)
}
