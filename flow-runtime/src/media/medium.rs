//! An attachment of any kind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Data;
use crate::contract::{MediaKind, is_web_address, signature};
use crate::error::{Error, Result};
use crate::violation::describe;

/// An attachment of any kind: what [`Image`](super::Image), [`Audio`](super::Audio) and [`Pdf`](super::Pdf) have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    pub(super) media_type: &'static str,
    pub(super) source: MediaSource,
}

/// Where the bytes of an attachment are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MediaSource {
    /// In the message, in JSON as Base64.
    Data(Data),
    /// At a URL that the provider can reach.
    Url(String),
}

impl Medium {
    /// Attaches bytes of a kind. Their media type is detected from the first bytes; a given one is checked against them.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not of this kind, or not of the given type.
    pub fn new(kind: MediaKind, media_type: Option<&str>, bytes: impl Into<Data>) -> Result<Self> {
        Self::of_data(kind, media_type, bytes.into())
    }

    /// Returns the media type, such as `image/png`. At a URL whose path does not end in a known extension only the kind is known:
    /// `image/*`.
    pub fn media_type(&self) -> &str {
        self.media_type
    }

    /// Returns where the bytes are.
    pub fn source(&self) -> &MediaSource {
        &self.source
    }

    /// Returns the bytes, unless they are at a URL.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.source {
            MediaSource::Data(data) => Some(data),
            MediaSource::Url(_) => None,
        }
    }

    /// Returns the URL, if the provider is to fetch the bytes.
    pub fn url(&self) -> Option<&str> {
        match &self.source {
            MediaSource::Url(url) => Some(url),
            MediaSource::Data(_) => None,
        }
    }

    pub(super) fn of_data(kind: MediaKind, given: Option<&str>, bytes: Data) -> Result<Self> {
        if bytes.is_missing() {
            return Err(Error::terminal(format!("the bytes of {} are missing", bytes.hash())));
        }
        let known = || kind.media_types().join("`, `");
        let wrong = |text: String| Error::terminal(text);
        let Some(media_type) = signature(&bytes).filter(|own| kind.media_types().contains(own)) else {
            let found =
                signature(&bytes).map_or_else(|| "are of no known type".to_owned(), |own| format!("are `{own}`"));
            return Err(wrong(format!("the bytes are not {}: they {found}, expected `{}`", kind.text(), known())));
        };
        match given.filter(|given| *given != media_type) {
            None => Ok(Self { media_type, source: MediaSource::Data(bytes) }),
            Some(given) if !kind.media_types().contains(&given) => {
                Err(wrong(format!("unknown media type `{given}` for {}, expected `{}`", kind.text(), known())))
            }
            Some(given) => Err(wrong(format!("the bytes are not `{given}`: they are `{media_type}`"))),
        }
    }

    pub(super) fn of_url(kind: MediaKind, url: String) -> Result<Self> {
        if !is_web_address(&url) {
            return Err(Error::terminal(format!("expected an http(s) URL, found {}", describe(&url.into()))));
        }
        Ok(Self { media_type: at(kind, &url), source: MediaSource::Url(url) })
    }
}

/// The media type that the extension of a URL's path stands for.
fn at(kind: MediaKind, url: &str) -> &'static str {
    let place = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let path = place.split_once("://").and_then(|(_, place)| place.split_once('/'));
    let file = path.and_then(|(_, path)| path.rsplit('/').next());
    let extension = file.and_then(|file| file.rsplit_once('.')).map(|(_, extension)| extension);
    let known = match extension {
        Some("jpg") => Some("image/jpeg"),
        Some("mp3") => Some("audio/mpeg"),
        Some(extension) => kind.media_types().iter().copied().find(|known| known.rsplit('/').next() == Some(extension)),
        None => None,
    };
    known.filter(|known| kind.media_types().contains(known)).unwrap_or(match kind {
        MediaKind::Image => "image/*",
        MediaKind::Audio => "audio/*",
        MediaKind::Pdf => "application/pdf",
    })
}
