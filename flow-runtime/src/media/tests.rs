//! The JSON of attachments, and what is refused.

use serde_json::{Value, json};

use super::{Audio, Data, Image, MediaSource, Pdf};
use crate::contract::Contract;
use crate::contract::testing::assert_contract;
use crate::contract::{decode, encode, fits, in_records};

const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0;";

fn refused<T>(value: Value) -> String
where
    T: Contract + schemars::JsonSchema + serde::de::DeserializeOwned + std::fmt::Debug + 'static,
{
    let found = decode::<T>(value).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].to_string()
}

#[test]
fn the_published_schemas_are_the_shapes() {
    assert_contract::<Image>();
    assert_contract::<Audio>();
    assert_contract::<Pdf>();
    assert_contract::<Vec<Option<Image>>>();
}

#[test]
fn bytes_and_urls_come_back() {
    let photo = Image::bytes(None, GIF).unwrap();
    let json = encode(&photo).unwrap();
    assert_eq!(json, json!({"media_type": "image/gif", "data": "R0lGODlhAQABAAAAADs="}));
    let again = decode::<Image>(json).unwrap();
    assert_eq!(again, photo);
    assert_eq!(again.medium().bytes(), Some(GIF));
    let scan = Pdf::url("https://example.com/a.pdf?page=1").unwrap();
    let json = encode(&scan).unwrap();
    assert_eq!(json, json!({"url": "https://example.com/a.pdf?page=1"}));
    assert_eq!(decode::<Pdf>(json).unwrap(), scan);
}

#[test]
fn clones_share_their_bytes() {
    let photo = Image::bytes(None, GIF).unwrap();
    let at = |photo: &Image| photo.medium().bytes().map(<[u8]>::as_ptr);
    assert_eq!(at(&photo.clone()), at(&photo));
    assert_ne!(at(&Image::bytes(None, GIF).unwrap()), at(&photo));
    assert_eq!(format!("{:?}", Data::from(GIF)), "14 bytes");
}

#[test]
fn the_type_at_a_url_is_told_by_its_extension() {
    for (url, media_type) in [
        ("https://a.example/b.JPG?c.png", "image/jpeg"),
        ("http://a.example/b.webp#c", "image/webp"),
        ("https://a.example/b", "image/*"),
        ("https://a.example/b.pdf", "image/*"),
        ("https://a.png", "image/*"),
    ] {
        let photo = Image::url(url).unwrap();
        assert_eq!(photo.medium().media_type(), media_type, "{url}");
        assert_eq!(photo.medium().source(), &MediaSource::Url(url.to_owned()));
    }
    assert_eq!(Pdf::url("https://a.example/b").unwrap().medium().media_type(), "application/pdf");
    assert_eq!(Audio::url("https://a.example/b.mp3").unwrap().medium().media_type(), "audio/mpeg");
}

#[test]
fn what_is_wrong_is_told_with_its_pointer() {
    let types = r#""image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/heic" | "image/heif""#;
    for (value, told) in [
        (json!("a"), "expected an image with `media_type` and `data`, or with `url`, found string \"a\"".to_owned()),
        (
            json!({"file": 1}),
            "expected an image with `media_type` and `data`, or with `url`, found an object without them".into(),
        ),
        (json!({"data": "AA=="}), format!("at `/media_type`: expected {types}, found nothing")),
        (
            json!({"media_type": "image/bmp", "data": "AA=="}),
            format!("at `/media_type`: expected {types}, found string \"image/bmp\""),
        ),
        (
            json!({"media_type": "image/gif", "data": "R0lG*"}),
            "at `/data`: expected Base64 (RFC 4648, section 4), found invalid text: Invalid symbol 42, offset 4."
                .into(),
        ),
        (json!({"media_type": "image/gif", "data": 1}), "at `/data`: expected Base64, found number 1".into()),
        (
            json!({"media_type": "image/png", "data": "R0lGODlhAQABAAAAADs="}),
            "at `/data`: expected the bytes of `image/png`, found those of `image/gif`".into(),
        ),
        (
            json!({"media_type": "image/png", "data": "aGk="}),
            "at `/data`: expected the bytes of `image/png`, found those of no known type".into(),
        ),
        (json!({"url": "ftp://a"}), "at `/url`: expected an http(s) URL, found string \"ftp://a\"".into()),
        (json!({"url": "https://"}), "at `/url`: expected an http(s) URL, found string \"https://\"".into()),
        (json!({"url": "https://a b"}), "at `/url`: expected an http(s) URL, found string \"https://a b\"".into()),
    ] {
        assert_eq!(refused::<Image>(value.clone()), told, "{value}");
    }
    let inside = refused::<Vec<Option<Image>>>(json!([null, {"url": 1}]));
    assert_eq!(inside, "at `/1/url`: expected an http(s) URL, found number 1");
}

#[test]
fn files_of_another_kind_are_refused() {
    let text = |error: crate::error::Error| error.to_string();
    let pdf = Image::bytes(None, *b"%PDF-1.7").map_err(text).unwrap_err();
    assert!(pdf.contains("the bytes are not an image: they are `application/pdf`"), "{pdf}");
    let unknown = Image::bytes("image/png", *b"hello").map_err(text).unwrap_err();
    assert!(unknown.contains("they are of no known type, expected `image/png`, `image/jpeg`"), "{unknown}");
    let other = Image::bytes("image/png", GIF).map_err(text).unwrap_err();
    assert!(other.contains("the bytes are not `image/png`: they are `image/gif`"), "{other}");
    let address = Image::url(format!("data:image/png;base64,{}", "A".repeat(500))).map_err(text).unwrap_err();
    assert!(address.contains("expected an http(s) URL, found string \"data:image/png;base64,") && address.len() < 120);
    let missing = Image::open("no/such/file.png").map_err(text).unwrap_err();
    assert!(missing.contains("`no/such/file.png` cannot be attached: "), "{missing}");
}

#[test]
fn a_reference_without_bytes_is_told_as_missing() {
    let hash = format!("sha256:{}", "0".repeat(64));
    let value = json!({"media_type": "image/png", "data": hash});
    let told = in_records(|| refused::<Image>(value.clone()));
    assert!(told.contains(&format!("the bytes of {hash} are missing")), "{told}");
    let (read, other) = in_records(|| (data(&hash), data(&format!("sha256:{}", "1".repeat(64)))));
    assert!(read != other && read != Data::from(Vec::new()));
    assert_eq!(json!(read), json!(hash), "not the Base64 of nothing");
}

fn data(text: &str) -> Data {
    serde_json::from_value(json!(text)).unwrap()
}

#[test]
fn an_attachment_fits_only_its_own_kind() {
    assert!(fits(Image::SHAPE, Image::SHAPE).ok());
    assert!(!fits(Image::SHAPE, Pdf::SHAPE).ok());
    assert!(!fits(String::SHAPE, Image::SHAPE).ok());
}
