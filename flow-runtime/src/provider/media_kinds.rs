//! The kinds of attachments that models take.

use super::Model;
use crate::contract::{Report, Shape};
use crate::media::MediaKind;
use crate::prompt::check::{Use, attached, check, enforce, path};

/// A set of kinds of attachments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaKinds(u8);

impl MediaKinds {
    /// No attachments.
    pub const NONE: Self = Self(0);

    /// Every kind.
    pub const ALL: Self = Self::of(&MediaKind::ALL);

    /// Creates the set of these kinds.
    pub const fn of(kinds: &[MediaKind]) -> Self {
        let (mut set, mut at) = (0, 0);
        while at < kinds.len() {
            set |= bit(kinds[at]);
            at += 1;
        }
        Self(set)
    }

    /// Creates the set of the kinds with these [names](MediaKind::name).
    ///
    /// # Errors
    ///
    /// Returns the first unknown name.
    pub fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, &'n str> {
        names.into_iter().try_fold(Self::NONE, |set, name| match MediaKind::named(name) {
            Some(kind) => Ok(Self(set.0 | bit(kind))),
            None => Err(name),
        })
    }

    /// Returns whether the set has a kind.
    pub const fn contains(self, kind: MediaKind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// Returns the kinds that are in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

const fn bit(kind: MediaKind) -> u8 {
    match kind {
        MediaKind::Image => 1,
        MediaKind::Audio => 2,
        MediaKind::Pdf => 4,
    }
}

/// A provider, what its models take at most, and where that is documented.
struct Takes {
    provider: &'static str,
    kinds: MediaKinds,
    source: &'static str,
}

/// Providers that are known not to take some kind. Others may take all.
const TAKES: &[Takes] = &[
    Takes {
        provider: "anthropic",
        kinds: MediaKinds::of(&[MediaKind::Image, MediaKind::Pdf]),
        source: "https://platform.claude.com/docs/en/build-with-claude/vision.md, 2026-11-30",
    },
    Takes {
        provider: "deepseek",
        kinds: MediaKinds::NONE,
        source: "https://api-docs.deepseek.com/api/create-chat-completion, 2026-11-30",
    },
    Takes {
        provider: "groq",
        kinds: MediaKinds::of(&[MediaKind::Image]),
        source: "https://console.groq.com/docs/vision, 2026-11-30",
    },
    Takes {
        provider: "ollama",
        kinds: MediaKinds::of(&[MediaKind::Image]),
        source: "https://docs.ollama.com/api/openai-compatibility, 2026-11-30",
    },
];

/// Fails the build if a prompt does not fit the contracts of its arguments, or if a model's provider is known not to take what it
/// attaches.
///
/// # Panics
///
/// With everything that does not fit, or the attachment, the model and the source.
#[track_caller]
pub const fn readable(
    template: &str,
    arguments: &[(&'static str, &'static Shape)],
    uses: &[Use<'_>],
    models: &[Model],
) {
    enforce(&check(template, arguments, uses));
    let mut at = 0;
    while at < models.len() {
        if let Some(takes) = takes(&models[at]) {
            let mut using = 0;
            while using < uses.len() {
                match attached(arguments, &uses[using]) {
                    Some(kind) if !takes.kinds.contains(kind) => {
                        refuse(template, &uses[using], path(arguments, &uses[using]).as_str(), kind, &models[at], takes)
                    }
                    _ => {}
                }
                using += 1;
            }
        }
        at += 1;
    }
}

#[track_caller]
const fn refuse(template: &str, usage: &Use<'_>, path: &str, kind: MediaKind, model: &Model, takes: &Takes) -> ! {
    let mut report = Report::new().headline(&[template, ": `", path, "` at ", usage.at, ": `", path, "` is "]);
    report.write(&[kind.text(), ", which model `", model.id(), "` cannot read: `", takes.provider, "` takes "]);
    report.write(&[none(kind), "\n", usage.excerpt]);
    report.write(&["\n  ask a model of another provider, or pass text that an earlier step reads from it"]);
    report.write(&["\n  source: ", takes.source, "\n  see flow::errors::prompt_media"]);
    panic!("{}", report.as_str())
}

const fn none(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "no images",
        MediaKind::Audio => "no audio",
        MediaKind::Pdf => "no PDFs",
    }
}

const fn takes(model: &Model) -> Option<&'static Takes> {
    let mut at = 0;
    while at < TAKES.len() {
        if model.is_served_by(TAKES[at].provider) {
            return Some(&TAKES[at]);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_made_from_names() {
        let set = MediaKinds::named(["image", "pdf"]).unwrap();
        assert!(set.contains(MediaKind::Image) && set.contains(MediaKind::Pdf) && !set.contains(MediaKind::Audio));
        assert_eq!(MediaKinds::named(["image", "video"]), Err("video"));
        assert_eq!(MediaKinds::named([]), Ok(MediaKinds::NONE));
        assert_eq!(MediaKinds::ALL.and(set), set);
    }

    #[test]
    fn a_provider_is_known_by_its_whole_name() {
        assert!(takes(&Model::new("anthropic/claude")).is_some_and(|takes| !takes.kinds.contains(MediaKind::Audio)));
        assert!(takes(&Model::new("anthropic2/claude")).is_none());
        assert!(takes(&Model::new("openai/gpt")).is_none());
    }
}
