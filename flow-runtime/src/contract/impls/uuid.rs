//! Contracts of `uuid`. Identifiers are written with hyphens.

super::formatted! { uuid::Uuid => "uuid" }

#[cfg(test)]
#[test]
fn the_format_is_the_published_one() {
    crate::contract::testing::assert_contract::<uuid::Uuid>();
}
