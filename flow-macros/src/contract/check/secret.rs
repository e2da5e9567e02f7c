//! A contract is recorded, published and shown to models, so no secret is in it.

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
                "contract `{}` cannot hold `{}`: it is recorded, published and shown to models, a secret never is; lend the secret to the step that needs it, as a `#[state]`",
                container.ident,
                text::of(field.ty)
            ),
        );
    }
}
