//! Path parameters.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::problem::{Kind, Problem};

/// The two decoded parameters of a path.
pub(super) struct NamedPair(pub(super) String, pub(super) String);

/// The only parameter of a path, decoded.
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(name)| Self(name)).map_err(|error| Problem::new(Kind::BadRequest, error.body_text()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for NamedPair {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        path.map(|Path((one, two))| Self(one, two)).map_err(|error| Problem::new(Kind::BadRequest, error.body_text()))
    }
}
