//! Attachments in templates.

use serde_json::{Value, json};

use super::Template;
use crate::contract::encode;
use crate::error::Result;
use crate::media::{Image, Pdf};
use crate::prompt::{Content, Part, Prompt, Role};

fn dot() -> Image {
    Image::bytes(None, *b"GIF89a\x01\0\x01\0\0\0\0;").unwrap()
}

fn scan() -> Pdf {
    Pdf::url("https://example.com/a.pdf").unwrap()
}

/// Arguments with attachments.
fn arguments() -> Result<Value> {
    Ok(json!({
        "photo": encode(&dot())?,
        "photos": encode(&vec![dot(), dot()])?,
        "case": {"scan": encode(&scan())?, "text": "a"},
        "none": null,
    }))
}

fn render(source: &'static str) -> Result<Prompt> {
    Template::new(None, source).render_with(arguments)
}

#[track_caller]
fn parts(source: &'static str) -> Vec<Part> {
    let prompt = render(source).unwrap();
    assert_eq!(prompt.messages.len(), 1);
    prompt.messages[0].content.parts().to_vec()
}

fn text(text: &str) -> Part {
    Part::text(text)
}

#[test]
fn an_attachment_is_a_part_between_the_texts() {
    let expected = [text("Before:"), (&dot()).into(), text("after "), (&scan()).into()];
    assert_eq!(parts("Before:\n\n{{ photo }}\n\nafter {{ case.scan }}\n"), expected);
    assert_eq!(parts("{{ photo }}"), [Part::from(&dot())]);
    assert_eq!(parts("{{ photo }} \n {{ photo }}"), [Part::from(&dot()), (&dot()).into()]);
}

#[test]
fn loops_and_guards_work_as_for_text() {
    let expected = [text("1:"), (&dot()).into(), text("2:"), (&dot()).into(), text("end")];
    let source = "{% for photo in photos %}{{ loop.index }}:{{ photo }}{% endfor %}{% if none is not none %}{{ none }}{% endif %}{% if photo %}end{% endif %}";
    assert_eq!(parts(source), expected);
    assert_eq!(parts("{{ none|default('-') }}{{ photos|length }}"), [text("-2")]);
}

#[test]
fn messages_and_attachments_keep_their_order() {
    let prompt =
        render("One {{ photo }}{{ role('assistant') }}A dot.{{ role('user') }}{{ case.scan }} And this?").unwrap();
    let roles: Vec<_> = prompt.messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::User, Role::Assistant, Role::User]);
    assert_eq!(prompt.messages[0].content.parts(), [text("One "), (&dot()).into()]);
    assert_eq!(prompt.messages[1].content, "A dot.");
    assert_eq!(prompt.messages[2].content.parts(), [(&scan()).into(), text(" And this?")]);
}

#[test]
fn text_around_an_attachment_is_as_without_it() {
    let prompt = Template::new(Some("Be brief."), "{{ case.text }}").render_with(arguments).unwrap();
    assert_eq!(prompt.messages[0].content, "Be brief.");
    assert_eq!(prompt.messages[1].content, Content::from("a"));
}

#[test]
fn an_attachment_inside_text_is_an_error() {
    for source in ["{{ case }}", "{{ case|tojson }}", "{{ photos }}", "{{ photo|tojson }}", "{{ [photo] }}"] {
        let error = render(source).unwrap_err().to_string();
        assert!(error.contains("an attachment was printed as part of a text: print it by itself"), "{source}: {error}");
        assert!(!error.contains("GIF") && !error.contains('\u{1}'), "{error}");
    }
    let system = Template::new(Some("{{ photo }}"), "a").render_with(arguments).unwrap_err().to_string();
    assert!(system.contains("an attachment cannot be in a system message"), "{system}");
}

/// A document cannot know the mark of a rendering, and one that happens to hold it has another mark chosen.
#[test]
fn a_document_cannot_forge_an_attachment() {
    let mut tries = 0;
    let mut forged = String::new();
    let prompt = Template::new(None, "{{ text }}{{ photo }}").render_with(|| {
        tries += 1;
        let photo = encode(&dot())?;
        // The mark of this very rendering, which no document sees.
        let mark = photo.as_str().unwrap_or_default().to_owned();
        if tries == 1 {
            forged = mark.replace("@0", "@7");
        }
        let text = if tries < 3 { mark.replace("@0", "@7") } else { forged.clone() };
        Ok::<_, crate::error::Error>(json!({"photo": photo, "text": text}))
    });
    let prompt = prompt.unwrap();
    assert_eq!(tries, 3, "two renderings were given up");
    assert_eq!(prompt.messages[0].content.parts(), [text(&forged), (&dot()).into()]);
}

#[test]
fn a_user_s_own_json_in_the_form_of_an_attachment_stays_text() {
    let value = json!({"media_type": "image/gif", "data": "R0lGODlhAQABAAAAADs="});
    let arguments = || Ok::<_, crate::error::Error>(json!({"value": value, "photo": encode(&dot())?}));
    let prompt = Template::new(None, "{{ value|tojson }}").render_with(arguments).unwrap();
    assert_eq!(prompt.messages[0].content, *value.to_string());
}

#[test]
fn nothing_is_marked_after_a_rendering() {
    render("{{ photo }}").unwrap();
    assert!(encode(&dot()).unwrap().is_object());
}
