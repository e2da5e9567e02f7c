//! Attachments from the command line.
#![cfg(feature = "cli")]

use std::path::PathBuf;

use flow::App;
use flow::app::{Invocation, Ran};
use flow::media::Image;
use flow::prelude::*;

#[contract]
#[derive(Debug, Clone)]
struct Receipt {
    shop: String,
    photo: Option<Image>,
}

/// The size of the photo in bytes.
#[step]
async fn measure(receipt: &Receipt) -> Result<String> {
    let photo = receipt.photo.as_ref().map(Image::medium);
    let size = photo.and_then(|photo| Some((photo.media_type(), photo.bytes()?.len())));
    Ok(size.map_or_else(|| "nothing".to_owned(), |(media_type, size)| format!("{media_type} of {size}")))
}

#[workflow]
async fn look(receipt: Receipt) -> Result<String> {
    measure(&receipt).await
}

async fn ran<const N: usize>(arguments: [&str; N]) -> Ran {
    App::new().workflow(look).max_input_bytes(10_000).try_run(Invocation::from(arguments)).await
}

/// Writes a file and returns its path.
fn file(name: &str, content: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_fills_an_attachment_or_a_text_as_the_contract_says() {
    let photo = file("scan.gif", b"GIF89a\x01\0\x01\0\0\0\0;");
    let shop = file("shop.txt", b"Corner");
    let (photo, shop) = (format!("receipt.photo={photo}"), format!("receipt.shop={shop}"));
    let done = ran(["run", "look", "--file", &shop, "--file", &photo]).await;
    assert_eq!((done.status, done.stdout.trim()), (0, "\"image/gif of 14\""), "{}", done.stderr);
}

#[tokio::test]
async fn a_file_that_is_no_attachment_of_the_kind_is_refused() {
    let (pdf, long) = (file("scan.pdf", b"%PDF-1.7"), file("long.gif", &[b'x'; 10_001]));
    for (path, why) in [
        (&pdf, "the bytes are not an image: they are `application/pdf`"),
        (&long, "more than 10000 bytes"),
        (&"no/such.png".to_owned(), "No such file"),
    ] {
        let photo = format!("receipt.photo={path}");
        let refused = ran(["run", "look", "--set", "receipt.shop=Corner", "--file", &photo]).await;
        assert_eq!(refused.status, 2);
        let told = "at `/receipt/photo`: expected an image of at most 10000 bytes, found ";
        assert!(refused.stderr.contains(told) && refused.stderr.contains(why), "{}", refused.stderr);
    }
}

#[tokio::test]
async fn an_attachment_in_the_input_is_checked() {
    let input = r#"{"receipt": {"shop": "Corner", "photo": {"media_type": "image/png", "data": "R0lG"}}}"#;
    let refused = ran(["run", "look", "--input", input]).await;
    assert_eq!(refused.status, 2);
    let told = "at `/receipt/photo/data`: expected the bytes of `image/png`, found those of no known type";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
}
