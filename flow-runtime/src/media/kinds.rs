//! The contracts.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::Medium;
use crate::contract::{Contract, MediaKind, Shape};
use crate::error::{Error, Result};

/// Defines the contract of one kind of attachments.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Arc<Medium>);

        impl $name {
            const KIND: MediaKind = MediaKind::$name;

            /// Reads a file. Its media type is detected from its first bytes.
            ///
            /// # Errors
            ///
            /// Fails if the file cannot be read or is not of this kind.
            pub fn open(path: impl AsRef<Path>) -> Result<Self> {
                let path = path.as_ref();
                let at = |error: &dyn fmt::Display| format!("`{}` cannot be attached: {error}", path.display());
                let bytes = std::fs::read(path).map_err(|error| Error::terminal(at(&error)).with_source(error))?;
                let made = Medium::new(Self::KIND, None, bytes);
                made.map(Self::of).map_err(|error| Error::terminal(at(&error)))
            }

            /// Attaches bytes. Their media type is detected from the first bytes; a given one is checked against them.
            ///
            /// # Errors
            ///
            /// Fails if the bytes are not of this kind, or not of the given type.
            pub fn bytes<'t>(media_type: impl Into<Option<&'t str>>, bytes: impl Into<Vec<u8>>) -> Result<Self> {
                Medium::new(Self::KIND, media_type.into(), bytes.into()).map(Self::of)
            }

            /// Attaches what is at a URL, which the provider fetches.
            ///
            /// # Errors
            ///
            /// Fails if it is not an `http` or `https` URL.
            pub fn url(url: impl Into<String>) -> Result<Self> {
                Medium::of_url(Self::KIND, url.into()).map(Self::of)
            }

            /// Returns the media type and where the bytes are.
            pub fn medium(&self) -> &Medium {
                &self.0
            }

            pub(super) fn of(medium: Medium) -> Self {
                Self(Arc::new(medium))
            }
        }

        /// Shows the media type and the size, not the bytes.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0.media_type).field(&self.0.source).finish()
            }
        }

        impl Contract for $name {
            const SHAPE: &'static Shape = Self::KIND.shape();
        }

        super::json::forms! { $name }
    };
}

kind! {
    /// A picture: PNG, JPEG, GIF, WebP, HEIC or HEIF.
    ///
    /// Clones share the bytes.
    ///
    /// ```
    /// use flow_runtime::media::Image;
    ///
    /// let dot = Image::bytes(None, *b"GIF89a\x01\0\x01\0\0\0\0;")?;
    /// assert_eq!(dot.medium().media_type(), "image/gif");
    /// assert_eq!(format!("{dot:?}"), r#"Image("image/gif", Data(14 bytes))"#);
    /// assert!(Image::bytes("image/png", *b"GIF89a\x01\0\x01\0\0\0\0;").is_err());
    /// assert!(Image::url("file:///etc/passwd").is_err());
    /// # Ok::<(), flow_runtime::error::Error>(())
    /// ```
    Image
}

kind! {
    /// A recording: WAV, MP3, Ogg, FLAC, AAC or AIFF.
    ///
    /// Clones share the bytes.
    Audio
}

kind! {
    /// A PDF document.
    ///
    /// Clones share the bytes.
    Pdf
}
