//! Rejects secrets: contracts are recorded, published and shown to models.

use serde_derive_internals::ast::Container;

use crate::errors::Errors;
use crate::page;
use crate::secret::holds_secret;
use crate::text;

pub(super) fn check(container: &Container<'_>, errors: &mut Errors) {
    for field in container.data.all_fields().filter(|field| holds_secret(field.ty)) {
        errors.at(
            page::SECRET,
            field.ty,
            format!(
                "contract `{}` cannot hold `{}`: contracts are recorded, published and shown to models, and a secret must never be; pass it to the step that needs it, as a `#[state]`",
                container.ident,
                text::of(field.ty)
            ),
        );
    }
}
