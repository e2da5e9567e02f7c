//! Snapshots of the attributes' output, formatted by rustfmt. Review changes with `cargo insta review`.

use std::io::Write;
use std::process::{Command, Stdio};

use proc_macro2::TokenStream;
use quote::quote;

fn formatted(code: &TokenStream) -> String {
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024", "--config", "max_width=110"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut rustfmt = command.spawn().expect("rustfmt is part of the toolchain");
    let mut input = rustfmt.stdin.take().expect("a pipe");
    input.write_all(code.to_string().as_bytes()).expect("rustfmt reads");
    drop(input);
    let output = rustfmt.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt failed on: {code}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn code_step() {
    let item = quote! {
        /// Scores a candidate.
        pub async fn score(candidate: &Candidate, limit: u32) -> Result<u32> {
            Ok(candidate.years.min(limit))
        }
    };
    insta::assert_snapshot!(formatted(&crate::step::step(quote!(retry = 2), item)));
}

#[test]
fn model_step() {
    let item = quote! {
        async fn extract(resume: &Resume) -> Result<Candidate>;
    };
    let options = quote!(model = FAST, prompt = "Extract {{ resume.text }}", gate = named(resume));
    insta::assert_snapshot!(formatted(&crate::step::step(options, item)));
}

#[test]
fn workflow() {
    let item = quote! {
        async fn screen(resume: Resume) -> Result<u32> {
            let candidate = extract(&resume).await?;
            #[bound(3)]
            while candidate.years > 3 {
                score(&candidate, 1).await?;
            }
            Ok(1)
        }
    };
    insta::assert_snapshot!(formatted(&crate::workflow::workflow(quote!(max_steps = 9), item)));
}

/// On error, the signature is kept for callers and the body for the editor.
#[test]
fn step_with_an_error() {
    let item = quote! {
        async fn score(years: u32) -> Result<u32> {
            Ok(years)
        }
    };
    insta::assert_snapshot!(formatted(&crate::step::step(quote!(timout = "5s"), item)));
}
