//! `url`.

super::formatted! { url::Url => "uri" }
