//! Values found in a text by the names of properties.

use super::*;

/// Fills one required property.
fn property(text: &str, name: &str, schema: Value) -> Value {
    let whole = json!({"type": "object", "properties": {name: schema}, "required": [name]});
    filled(&Prompt::user(text), &whole)[name].clone()
}

fn string(text: &str, name: &str) -> Value {
    property(text, name, json!({"type": "string"}))
}

fn integer(text: &str, name: &str) -> Value {
    property(text, name, json!({"type": "integer", "minimum": 0, "maximum": 100}))
}

const TICKET: &str = "Sort this ticket.\n\nSubject: Printer on fire\nFrom: Grace Hopper <grace@example.com>\n\n\
    The printer on floor 3 burns since 2 hours. It is urgent, nobody can print. See https://example.com/t/17.\n\
    Steps:\n1. Opened the tray\n2. Smelled smoke\n";

#[test]
fn labels_names_and_addresses_are_found() {
    assert_eq!(string(RESUME, "name"), "Ada Lovelace");
    assert_eq!(string(RESUME, "candidateName"), "Ada Lovelace");
    assert_eq!(string("Name: Bob Müller\nAda Lovelace", "name"), "Bob Müller");
    assert_eq!(string(RESUME, "email"), "ada@example.org");
    assert_eq!(property(RESUME, "contact", json!({"type": "string", "format": "email"})), "ada@example.org");
    assert_eq!(string(TICKET, "subject"), "Printer on fire");
    assert_eq!(string(TICKET, "link"), "https://example.com/t/17");
    assert_eq!(property(RESUME, "born", json!({"type": "string", "format": "date"})), "1815-12-10");
}

#[test]
fn numbers_are_taken_from_where_the_text_speaks_of_them() {
    assert_eq!(integer(RESUME, "years"), 12);
    assert_eq!(integer(RESUME, "years_of_experience"), 12);
    assert_eq!(integer(TICKET, "floor"), 3);
    assert_eq!(integer(TICKET, "hours"), 2);
    let described = json!({"type": "integer", "description": "How many hours it has lasted."});
    assert_eq!(property(TICKET, "lasted", described), 2);
    let share = json!({"type": "number", "minimum": 0, "maximum": 1});
    assert_eq!(property("The confidence is 87%.", "confidence", share), 0.87);
    assert_eq!(property("It cost $1,200.50 in total.", "cost", json!({"type": "number"})), 1200.5);
}

#[test]
fn lists_are_found_in_lines_and_below_headings() {
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    assert_eq!(property(RESUME, "skills", strings()), json!(["analysis", "poetry", "translation"]));
    assert_eq!(property(TICKET, "steps", strings()), json!(["Opened the tray", "Smelled smoke"]));
}

#[test]
fn enums_and_truths_follow_the_words_of_the_text() {
    let priority = json!({"enum": ["Low", "Normal", "Urgent"]});
    assert_eq!(property(TICKET, "priority", priority), "Urgent");
    let kind = json!({"type": "string", "enum": ["network", "printer", "account"]});
    assert_eq!(property(TICKET, "kind", kind), "printer");
    assert_eq!(property(TICKET, "urgent", json!({"type": "boolean"})), true);
    assert_eq!(property(RESUME, "married", json!({"type": "boolean"})), false);
}

#[test]
fn alternatives_follow_their_tags() {
    let variant = |kind: &str| json!({"type": "object", "properties": {"kind": {"const": kind}}, "required": ["kind"]});
    let schema = json!({"oneOf": [variant("refund"), variant("printer_repair"), variant("other")]});
    assert_eq!(property(TICKET, "action", schema), json!({"kind": "printer_repair"}));
}

#[test]
fn what_the_text_does_not_speak_of_is_left_out_where_it_may_be() {
    let schema = json!({"type": "object", "properties": {
        "floor": {"type": ["integer", "null"]}, "invoice": {"type": ["string", "null"]}, "warranty": {"type": "string"},
    }, "required": ["floor", "invoice"]});
    assert_eq!(filled(&Prompt::user(TICKET), &schema), json!({"floor": 3, "invoice": null}));
}

#[test]
fn prose_is_the_sentence_that_speaks_most_of_it() {
    let reason = json!({"type": "string", "description": "Why it is urgent."});
    assert_eq!(property(TICKET, "reason", reason), "It is urgent, nobody can print.");
}

#[test]
fn other_texts_get_other_answers() {
    let schema = schema_for!(types::Containers).to_value();
    let answers: Vec<_> =
        ["First text.", "Second text.", RESUME, TICKET].map(|text| fill(&Prompt::user(text), &schema)).into();
    for (index, answer) in answers.iter().enumerate() {
        assert!(!answers[..index].contains(answer), "{answer}");
    }
}

#[test]
fn instructions_are_not_the_document() {
    let prompt = Prompt::user(TICKET)
        .system("Your name is Eliza Doolittle. Priority is low.")
        .with(Role::Assistant, "Name: Nobody");
    let schema = json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]});
    assert_ne!(filled(&prompt, &schema)["name"], "Eliza Doolittle");
}
