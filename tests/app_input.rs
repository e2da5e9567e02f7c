//! Sources of a run's input, and rejection of bad input before any step starts.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;
#[path = "apps/values.rs"]
mod values;

use apps::{file, ran};
use flow::app::Invocation;

/// The word count that `length` prints for valid arguments.
async fn counted(invocation: impl Into<Invocation>) -> String {
    let (ran, begun) = ran(invocation).await;
    assert_eq!((ran.status, begun), (0, 1), "{}", ran.stderr);
    ran.stdout.trim().to_owned()
}

/// Standard error for invalid arguments.
async fn refused(invocation: impl Into<Invocation>) -> String {
    let (ran, begun) = ran(invocation).await;
    assert_eq!((ran.status, begun, ran.stdout.as_str()), (2, 0, ""), "{}", ran.stderr);
    ran.stderr
}

#[tokio::test]
async fn an_input_is_text_or_a_file_or_standard_input() {
    let input = r#"{"note": {"text": "one two three"}}"#;
    let path = file("input.json", input);
    assert_eq!(counted(["run", "length", "--input", input]).await, "3");
    assert_eq!(counted(["run", "length", "--input", &format!("@{path}")]).await, "3");
    assert_eq!(counted(Invocation::from(["run", "length", "--input", "-"]).stdin(input)).await, "3");
}

#[tokio::test]
async fn files_and_values_stand_over_the_input() {
    let path = file("cv.txt", "one\ntwo");
    let text = format!("note.text={path}");
    let base = r#"{"note": {"text": "a b c d", "tags": ["x"]}}"#;
    assert_eq!(counted(["run", "length", "--input", base, "--file", &text]).await, "2");
    assert_eq!(counted(["run", "length", "--file", &text, "--set", "note.text=one"]).await, "1");
    assert_eq!(counted(["run", "length", "--file", &text, "--set", r#"note.tags=["y"]"#]).await, "2");
}

#[tokio::test]
async fn every_mistake_is_told_with_its_pointer_and_what_is_wanted() {
    let said =
        refused(["run", "digest", "--input", r#"{"note": {"text": 3, "tags": [1]}, "mots": 2, "most": -1}"#]).await;
    assert!(said.contains("`digest` takes `note`: object `Note`, `most`: integer (0..=4294967295) or null"), "{said}");
    for mistake in [
        "at `/mots`: expected only the arguments `note`, `most`, found `mots`",
        "at `/note/text`: expected string, found number 3",
        "at `/note/tags/0`: expected string, found number 1",
        "at `/most`: expected integer (0..=4294967295), found number -1",
    ] {
        assert!(said.contains(mistake), "{mistake}\n{said}");
    }
}

#[tokio::test]
async fn a_missing_argument_is_named_with_what_it_should_be() {
    let said = refused(["run", "length"]).await;
    assert!(said.contains("at `/note`: expected object, found nothing: the argument is missing"), "{said}");
    let said = refused(["run", "length", "--input", "[]"]).await;
    assert!(said.contains("expected object with `note`, found array of 0"), "{said}");
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let said = refused(["run", "length", "--input", "{note: 1}"]).await;
    assert!(said.contains("`--input {note: 1}` is not JSON: key must be a string at line 1 column 2"), "{said}");
    let said = refused(["run", "length", "--input", ""]).await;
    assert!(said.contains("is not JSON"), "{said}");
}

#[tokio::test]
async fn what_is_nested_too_deep_is_refused_by_name() {
    for depth in [121, 127, 4_000] {
        let deep = format!(r#"{{"note": {}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        for invocation in [
            Invocation::from(["run", "length", "--input", &deep]),
            Invocation::from(["run", "length", "--input", "-"]).stdin(deep.clone()),
        ] {
            let said = refused(invocation).await;
            assert!(said.contains("at `/note`: expected at most 100 nested arrays and objects, found more"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_key_that_comes_twice_is_refused_with_its_pointer() {
    for (input, pointer) in [
        (r#"{"note": {"text": "a", "text": "b c"}}"#, "/note/text"),
        (r#"{"note": {"text": "a"}, "note": {"text": "a"}}"#, "/note"),
        (r#"{"note": {"text": "a", "\u0074ext": "a"}}"#, "/note/text"),
    ] {
        let path = format!("@{}", file("twice.json", input));
        let piped = Invocation::from(["run", "length", "--input", "-"]).stdin(input);
        let wanted = format!("at `{pointer}`: expected one value, found the key a second time");
        let named = [["run", "length", "--input", input], ["run", "length", "--input", &path]].map(Invocation::from);
        for invocation in named.into_iter().chain([piped]) {
            let said = refused(invocation).await;
            assert!(said.contains("cannot be used") && said.contains(&wanted), "{said}");
        }
    }
    let said = refused(["run", "length", "--set", r#"note={"text": "a", "tags": [], "text": "b"}"#]).await;
    assert!(
        said.contains("`--set note=…` cannot be used") && said.contains("at `/note/text`: expected one value"),
        "{said}"
    );
}

#[tokio::test]
async fn a_field_that_nothing_reads_is_refused_wherever_it_comes_from() {
    let note = r#"{"note": {"text": "a b", "tgas": ["x"]}}"#;
    let path = format!("@{}", file("unknown.json", note));
    let text = format!("note.tgas={}", file("unknown.txt", "x"));
    let set = ["run", "length", "--set", "note.text=a b", "--set", r#"note.tgas=["x"]"#];
    let whole = ["run", "length", "--set", r#"note={"text": "a b", "tgas": null}"#];
    let filed = ["run", "length", "--set", "note.text=a b", "--file", &text];
    for invocation in [
        Invocation::from(["run", "length", "--input", note]),
        Invocation::from(["run", "length", "--input", &path]),
        Invocation::from(["run", "length", "--input", "-"]).stdin(note),
        Invocation::from(set),
        Invocation::from(whole),
        Invocation::from(filed),
    ] {
        let said = refused(invocation).await;
        let wanted = "at `/note/tgas`: expected only the fields `text`, `tags`, found `tgas`; did you mean `tags`?";
        assert!(said.contains(wanted), "{said}");
    }
    let said = refused(["run", "digest", "--set", "note.text=a b", "--set", "msot=3"]).await;
    assert!(
        said.contains("at `/msot`: expected only the arguments `note`, `most`, found `msot`; did you mean `most`?"),
        "{said}"
    );
}

#[tokio::test]
async fn a_value_is_set_once() {
    for (first, again) in [("note.text=a", "note.text=b"), ("note.text=a", r#"note={"text": "b"}"#)] {
        let said = refused(["run", "length", "--set", first, "--set", again]).await;
        assert!(
            said.contains("is given twice (`length` takes")
                && said.contains("at `/note")
                && said.contains("which would replace the first"),
            "{said}"
        );
    }
    let path = format!("note.text={}", file("again.txt", "a"));
    assert!(
        refused(["run", "length", "--file", &path, "--file", &path])
            .await
            .contains("`--file note.text=…` is given twice")
    );
    assert_eq!(counted(["run", "length", "--set", r#"note={"tags": []}"#, "--set", "note.text=a b"]).await, "2");
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let input = "\u{feff}{\"note\": {\"text\": \"a b\"}}";
    let path = format!("@{}", file("marked.json", input));
    assert_eq!(counted(["run", "length", "--input", input]).await, "2");
    assert_eq!(counted(["run", "length", "--input", &path]).await, "2");
    assert_eq!(counted(Invocation::from(["run", "length", "--input", "-"]).stdin(input)).await, "2");
    // A byte order mark that is kept would count as a word.
    let text = format!("note.text={}", file("marked.txt", "\u{feff} a"));
    assert_eq!(counted(["run", "length", "--file", &text]).await, "1");
}

#[tokio::test]
async fn a_file_name_without_its_mark_is_recognised() {
    let said = refused(["run", "length", "--input", &file("unmarked.json", "{}")]).await;
    assert!(said.contains("to read a file, write `@` before its name"), "{said}");
}

#[tokio::test]
async fn a_file_that_gives_no_text_is_refused_at_its_argument() {
    let said = refused(["run", "length", "--file", "note.text=/no/such/file"]).await;
    assert!(said.contains("at `/note/text`: expected the text of a file, found No such file"), "{said}");
    let text = format!("note.text={}", file("latin1.txt", b"caf\xe9"));
    let said = refused(["run", "length", "--file", &text]).await;
    assert!(said.contains("at `/note/text`") && said.contains("found invalid UTF-8 at byte 3"), "{said}");
    let said = refused(["run", "length", "--input", "@/no/such/file"]).await;
    assert!(said.contains("`--input @/no/such/file` cannot be used: No such file"), "{said}");
}

#[tokio::test]
async fn what_is_too_long_is_refused_with_the_limit() {
    let long = file("long.txt", "x".repeat(10_001));
    let (text, input) = (format!("note.text={long}"), format!("@{long}"));
    let endless = "note.text=/dev/zero".to_owned();
    for arguments in [["--file", &text], ["--input", &input], ["--file", &endless]] {
        let said = refused(["run", "length", arguments[0], arguments[1]]).await;
        assert!(said.contains("more than 10000 bytes, the limit of one input"), "{said}");
    }
    let piped = Invocation::from(["run", "length", "--input", "-"]).stdin("x".repeat(10_001));
    assert!(refused(piped).await.contains("more than 10000 bytes"));
}

#[tokio::test]
async fn a_value_does_not_replace_what_is_no_object() {
    let said = refused(["run", "length", "--input", r#"{"note": "text"}"#, "--set", "note.text=x"]).await;
    assert!(said.contains("at `/note`: expected an object with `text`, found a string"), "{said}");
}

#[tokio::test]
async fn a_refusal_is_told_to_programs_as_json() {
    let (ran, begun) = ran(["run", "length", "--json", "--input", r#"{"note": {"text": 7}}"#]).await;
    let told: flow::serde_json::Value = flow::serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.status, begun, &told["error"]["kind"]), (2, 0, &"refused".into()));
    assert_eq!(told["error"]["violations"][0]["pointer"], "/note/text");
    assert_eq!(ran.stderr, "");
}

/// The output at a JSON pointer after setting values, or the error.
async fn set(values: &[&str], pointer: &str) -> String {
    let given: Vec<_> = if values.iter().any(|value| value.starts_with("text=")) {
        values.to_vec()
    } else {
        [&["text=a"], values].concat()
    };
    let ran = values::echoed(&given).await;
    let output: flow::serde_json::Value = flow::serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.status, if output.get("error").is_some() { 2 } else { 0 }, "{output}");
    output.pointer(pointer).map_or_else(|| output.to_string(), ToString::to_string)
}

#[tokio::test]
async fn a_value_for_a_string_is_a_string() {
    for (value, is) in [
        ("123", r#""123""#),
        ("1.50", r#""1.50""#),
        ("007", r#""007""#),
        ("1e400", r#""1e400""#),
        ("true", r#""true""#),
        ("null", r#""null""#),
        ("[1, 2]", r#""[1, 2]""#),
        (r#"{"a": 1, "a": 2}"#, r#""{\"a\": 1, \"a\": 2}""#),
        (r#""123""#, r#""123""#),
        ("plain words", r#""plain words""#),
        ("", r#""""#),
    ] {
        assert_eq!(set(&[&format!("text={value}")], "/0").await, is, "{value}");
    }
    let deep = "[".repeat(300);
    assert_eq!(set(&[&format!("text={deep}")], "/0").await, format!("{deep:?}"));
}

#[tokio::test]
async fn the_contract_says_what_a_value_is_wherever_it_is_put() {
    for (values, pointer, is) in [
        (&["all.text=123"][..], "/1/text", r#""123""#),
        (&["all.text=null"], "/1/text", "null"),
        (&["all.letter=7"], "/1/letter", r#""7""#),
        (&["all.level=2"], "/1/level", r#""2""#),
        (&["all.either=12"], "/1/either", "12"),
        (&["all.either=true"], "/1/either", r#""true""#),
        (&["all.either=-1"], "/1/either", r#""-1""#),
        (&["all.count=3"], "/1/count", "3"),
        (&["all.count=3.0"], "/1/count", "3"),
        (&["all.any=12"], "/1/any", "12"),
        (&["all.any.code=12"], "/1/any/code", "12"),
        (&["all.inner.code=12", "all.inner.count=12"], "/1/inner/code", r#""12""#),
        (&["all.inner.code=12", "all.inner.count=12"], "/1/inner/count", "12"),
        (&["all.inner.zip=8010"], "/1/inner/zip", r#""8010""#),
        (&["all.labels.a=12", "all.labels.b=false"], "/1/labels/b", r#""false""#),
        (&["all.tagged.kind=Named", "all.tagged.id=7"], "/1/tagged/id", r#""7""#),
        (&["all.tagged.id=7", "all.tagged.kind=Numbered"], "/1/tagged/id", "7"),
        (&[r#"all={"inner": {"count": 1}}"#, "all.inner.code=12"], "/1/inner/code", r#""12""#),
    ] {
        assert_eq!(set(values, pointer).await, is, "{values:?}");
    }
}

#[tokio::test]
async fn a_value_that_fits_neither_way_is_refused_as_the_json_it_is() {
    for (value, said) in [
        ("all.count=-1", "expected integer (0..=4294967295), found number -1"),
        ("all.list=5", "expected array of string, found number 5"),
        ("all.inner=5", "expected object, found number 5"),
        ("all.letter=12", "found number 12"),
        (r#"all.inner={"count": 1, "count": 2}"#, "the key a second time"),
        (r#"all.any={"a": 1, "a": 2}"#, "the key a second time"),
    ] {
        let error = set(&[value], "/error/violations").await;
        let violations: flow::serde_json::Value = flow::serde_json::from_str(&error).unwrap();
        let told = format!(
            "expected {}, found {}",
            violations[0]["expected"].as_str().unwrap(),
            violations[0]["found"].as_str().unwrap()
        );
        assert!(told.contains(said), "{told}");
    }
}

/// If no string is accepted, a malformed list or object is reported as invalid JSON.
#[tokio::test]
async fn json_with_a_mistake_in_it_is_no_text() {
    for (value, said) in [
        (r#"all.inner={"count": 1,}"#, "`--set all.inner=…` is not JSON: trailing comma at line 1 column 13"),
        (r#"all={"count": 1e400}"#, "`--set all=…` is not JSON: number out of range at line 1 column 15"),
        (r#"all={"text": "\ud800"}"#, "`--set all=…` is not JSON: "),
        ("all.list=[1, 2", "`--set all.list=…` is not JSON: EOF while parsing a list at line 1 column 5"),
        ("all.labels= {a: 1}", "`--set all.labels=…` is not JSON: key must be a string at line 1 column 3"),
    ] {
        let error = set(&[value], "/error/message").await;
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(set(&["text=[draft] x"], "/0").await, r#""[draft] x""#);
    assert_eq!(set(&["all.either={draft}"], "/1/either").await, r#""{draft}""#);
    assert_eq!(set(&["all.any=[x"], "/1/any").await, r#""[x""#);
}
