//! `uuid`. Identifiers are written with hyphens.

super::formatted! { uuid::Uuid => "uuid" }
