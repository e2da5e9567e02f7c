//! Contracts of `url`.

super::formatted! { url::Url => "uri" }

#[cfg(test)]
#[test]
fn the_format_is_the_published_one() {
    crate::contract::testing::assert_contract::<url::Url>();
}
