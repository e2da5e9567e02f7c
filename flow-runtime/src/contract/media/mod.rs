//! The contracts of attachments: pictures, sounds and PDF documents, known by their definitions wherever a shape is walked.

mod recorded;
mod signature;
mod validate;

use super::{Access, Def, DefPtr, EnumShape, Member, Repr, Shape, StructShape, Variant, hash};

pub(crate) use recorded::{HASH, in_records, is_recorded};
pub(crate) use signature::signature;
pub(crate) use validate::{is_web_address, violation};

const TEXT: &Shape = &Shape::Str { format: None };
const ADDRESS: &Shape = &Shape::Str { format: Some("uri") };

/// Defines a kind: `{"media_type", "data"}` or `{"url"}`, and its media types.
macro_rules! kind {
    ($name:literal: $def:ident, $types:ident = [$($media_type:literal),+]) => {
        const $types: &[&str] = &[$($media_type),+];

        static $def: Def = Def {
            id: concat!("flow::media::", $name),
            name: $name,
            hash: hash($name),
            access: Access::Hidden,
            body: Shape::Enum(EnumShape {
                repr: Repr::Untagged,
                variants: &[
                    Variant::content(
                        "Data",
                        "Data",
                        false,
                        &object(&const {
                            [
                                Member::plain(
                                    "media_type",
                                    &const {
                                        Shape::Enum(EnumShape {
                                            repr: Repr::External,
                                            variants: &const { [$(unit($media_type)),+] },
                                            deny_unknown: false,
                                        })
                                    },
                                ),
                                Member::plain("data", TEXT),
                            ]
                        }),
                    ),
                    Variant::content("Url", "Url", false, &object(&const { [Member::plain("url", ADDRESS)] })),
                ],
                deny_unknown: false,
            }),
        };
    };
}

const fn object(members: &'static [Member]) -> Shape {
    Shape::Struct(StructShape { members, deny_unknown: false })
}

const fn unit(name: &'static str) -> Variant {
    Variant { rust: name, ser: Some(name), de: Some(name), aliases: &[], other: false, newtype: false, shape: None }
}

/// A kind of attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A recording.
    Audio,
    /// A PDF document.
    Pdf,
}

kind! { "Image": IMAGE, IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/heif"] }
kind! { "Audio": AUDIO, AUDIOS = ["audio/wav", "audio/mpeg", "audio/ogg", "audio/flac", "audio/aac", "audio/aiff"] }
kind! { "Pdf": PDF, PDFS = ["application/pdf"] }

impl MediaKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Image, Self::Audio, Self::Pdf];

    /// Returns the name used in configuration: `image`, `audio` or `pdf`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Pdf => "pdf",
        }
    }

    /// Returns the kind with a [name](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the media types of this kind, the most common first.
    pub const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Image => IMAGES,
            Self::Audio => AUDIOS,
            Self::Pdf => PDFS,
        }
    }

    /// Returns the kind of a media type. A type of which only the kind is known ends with `/*`, as in `image/*`.
    pub fn of(media_type: &str) -> Option<Self> {
        match media_type.split('/').next() {
            Some("image") => Some(Self::Image),
            Some("audio") => Some(Self::Audio),
            _ => (media_type == PDFS[0]).then_some(Self::Pdf),
        }
    }

    /// Returns "an image", "audio" or "a PDF".
    pub const fn text(self) -> &'static str {
        match self {
            Self::Image => "an image",
            Self::Audio => "audio",
            Self::Pdf => "a PDF",
        }
    }

    /// The kind that a definition describes.
    pub(crate) const fn defined_by(def: &Def) -> Option<Self> {
        if def.is(&IMAGE) {
            Some(Self::Image)
        } else if def.is(&AUDIO) {
            Some(Self::Audio)
        } else if def.is(&PDF) {
            Some(Self::Pdf)
        } else {
            None
        }
    }

    /// The kind of attachments that have this shape.
    pub(crate) const fn of_shape(shape: &Shape) -> Option<Self> {
        match shape {
            Shape::Named(def) => Self::defined_by(def.get()),
            _ => None,
        }
    }

    /// The shape of this kind.
    pub(crate) const fn shape(self) -> &'static Shape {
        match self {
            Self::Image => &const { Shape::Named(DefPtr::new(&IMAGE)) },
            Self::Audio => &const { Shape::Named(DefPtr::new(&AUDIO)) },
            Self::Pdf => &const { Shape::Named(DefPtr::new(&PDF)) },
        }
    }
}
