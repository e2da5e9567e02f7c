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

mod recorded {
    use std::collections::BTreeMap;

    use super::*;
    use crate::contract::{DefPtr, EnumShape, Member, Repr, Shape, StructShape, Variant};
    use crate::media::{by_hash, expanded};

    /// What an attachment and the user's own object look like in a record.
    fn forms(photo: &Image) -> (Value, Value) {
        let MediaSource::Data(data) = photo.medium().source() else { unreachable!() };
        data.hold();
        (encode(photo).unwrap(), json!({"media_type": "image/gif", "data": data.hash()}))
    }

    const TEXT: &Shape = &Shape::Str { format: None };
    const LOOKALIKE: &Shape = &Shape::Struct(StructShape {
        members: &[Member::plain("media_type", TEXT), Member::plain("data", TEXT)],
        deny_unknown: false,
    });
    const BOTH: &Shape = &Shape::Struct(StructShape {
        members: &[
            Member::plain("photos", <Vec<Option<Image>>>::SHAPE),
            Member::plain("own", LOOKALIKE),
            Member::plain("any", &Shape::Any),
        ],
        deny_unknown: false,
    });

    #[test]
    fn only_attachments_get_their_bytes_back() {
        let photo = Image::bytes(None, GIF).unwrap();
        let (whole, hash) = forms(&photo);
        let of = |photo: &Value| json!({"photos": [null, photo], "own": hash, "any": [hash]});
        assert_eq!(expanded(BOTH, of(&hash)), of(&whole));
        assert_eq!(by_hash(BOTH, of(&whole)), of(&hash));
        assert_eq!(by_hash(BOTH, of(&hash)), of(&hash));
    }

    #[test]
    fn attachments_are_found_in_maps_and_variants() {
        let photo = Image::bytes(None, GIF).unwrap();
        let (whole, hash) = forms(&photo);
        let map = <BTreeMap<String, Image>>::SHAPE;
        assert_eq!(
            expanded(map, json!({"data": hash, "media_type": hash})),
            json!({"data": whole, "media_type": whole})
        );
        static LIST: &[Variant] =
            &[Variant::content("Own", "own", true, LOOKALIKE), Variant::content("Photo", "photo", true, Image::SHAPE)];
        let one_of = |repr| EnumShape { repr, variants: LIST, deny_unknown: false };
        let external: &'static Shape = Box::leak(Box::new(Shape::Enum(one_of(Repr::External))));
        assert_eq!(expanded(external, json!({"photo": hash})), json!({"photo": whole}));
        assert_eq!(expanded(external, json!({"own": hash})), json!({"own": hash}));
        let adjacent = one_of(Repr::Adjacent { tag: "kind", content: "is" });
        let adjacent: &'static Shape = Box::leak(Box::new(Shape::Enum(adjacent)));
        let of = |kind: &str, is: &Value| json!({"kind": kind, "is": is});
        assert_eq!(expanded(adjacent, of("photo", &hash)), of("photo", &whole));
        assert_eq!(expanded(adjacent, of("own", &hash)), of("own", &hash));
        let internal: &'static Shape = Box::leak(Box::new(Shape::Enum(one_of(Repr::Internal { tag: "kind" }))));
        let of = |kind: &str, photo: &Value| {
            let mut photo = photo.clone();
            photo["kind"] = kind.into();
            photo
        };
        assert_eq!(expanded(internal, of("photo", &hash)), of("photo", &whole));
        assert_eq!(expanded(internal, of("own", &hash)), of("own", &hash));
        // The first variant that reads the value takes it, as in serde.
        static UNTAGGED: &[Variant] =
            &[Variant::content("Photo", "photo", true, Image::SHAPE), Variant::content("Own", "own", true, LOOKALIKE)];
        let untagged = EnumShape { repr: Repr::Untagged, variants: UNTAGGED, deny_unknown: false };
        let untagged: &'static Shape = Box::leak(Box::new(Shape::Enum(untagged)));
        assert_eq!(expanded(untagged, hash.clone()), whole);
        let other = json!({"media_type": "text/plain", "data": hash["data"]});
        assert_eq!(expanded(untagged, other.clone()), other);
    }

    #[test]
    fn attachments_are_found_in_recursive_and_flattened_types() {
        static TREE: crate::contract::Def = crate::contract::Def {
            id: "media::tests::Tree",
            name: "Tree",
            hash: crate::contract::hash("Tree"),
            access: crate::contract::Access::Members,
            body: Shape::Struct(StructShape {
                members: &[
                    Member::Flatten { rust: "photo", shape: Image::SHAPE },
                    Member::plain("kids", &Shape::Array(&Shape::Named(DefPtr::new(&TREE)))),
                ],
                deny_unknown: false,
            }),
        };
        let tree = const { &Shape::Named(DefPtr::new(&TREE)) };
        let photo = Image::bytes(None, GIF).unwrap();
        let (whole, hash) = forms(&photo);
        let with = |photo: &Value, kids: Value| {
            let mut photo = photo.clone();
            photo["kids"] = kids;
            photo
        };
        let of = |photo: &Value| with(photo, json!([with(photo, json!([]))]));
        assert_eq!(expanded(tree, of(&hash)), of(&whole));
    }
}
