//! The output of templates.

use serde_json::{Value, json};

use super::{Prompt, RenderError, Role, Template};

fn render(source: &'static str, arguments: Value) -> Result<Prompt, RenderError> {
    let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
    Template::new(None, source).render(arguments.iter().map(|(name, value)| (name.as_str(), value.clone())))
}

#[track_caller]
fn text(source: &'static str, arguments: Value) -> String {
    let prompt = render(source, arguments).unwrap();
    prompt.messages.iter().map(|message| message.text()).collect::<Vec<_>>().join("\n---\n")
}

#[track_caller]
fn error(source: &'static str, arguments: Value) -> String {
    render(source, arguments).unwrap_err().to_string()
}

#[test]
fn scalars_are_plain() {
    let values = json!({"s": "a <b> & \"c\" {{ d }} {% if %}", "i": u64::MAX, "n": -3, "f": 0.1, "g": 1.0, "b": true});
    assert_eq!(text("{{ s }}", values.clone()), "a <b> & \"c\" {{ d }} {% if %}");
    assert_eq!(text("{{ i }} {{ n }} {{ f }} {{ g }} {{ b }}", values), "18446744073709551615 -3 0.1 1.0 true");
    assert_eq!(text("{{ f }}", json!({"f": 1.7976931348623157e308})), "1.7976931348623157e+308");
}

#[test]
fn lists_and_structs_are_json_in_the_order_written() {
    let value = json!({"x": {"zeta": "a<b>", "alpha": [1, 2.5, null], "é": {}}});
    assert_eq!(text("{{ x }}", value.clone()), serde_json::to_string_pretty(&value["x"]).unwrap());
    assert_eq!(text("{{ x|tojson }}", value.clone()), r#"{"zeta":"a<b>","alpha":[1,2.5,null],"é":{}}"#);
    assert_eq!(text("{{ x.alpha|tojson(indent=1) }}", value), "[\n 1,\n 2.5,\n null\n]");
}

#[test]
fn joining_shows_elements_as_printing_does() {
    let value = json!({"xs": ["a", 1, true, {"k": "v"}], "ys": [{"n": {"m": "p"}}, {"n": {"m": "q"}}]});
    assert_eq!(text("{{ xs|join(', ') }}", value.clone()), "a, 1, true, {\n  \"k\": \"v\"\n}");
    assert_eq!(text("{{ ys|join('+', attribute='n.m') }}", value), "p+q");
}

#[test]
fn null_and_absent_are_the_same_to_a_template() {
    let source = "{% if x is defined %}d{% endif %}{% if x is none %}n{% endif %}{% if x is undefined %}u{% endif %}\
                  {{ x|default('-') }}{{ x|d('-', true) }}{{ x.y.z|default('-') }}";
    assert_eq!(text(source, json!({"x": null})), "nu---");
    assert_eq!(text(source, json!({})), "nu---");
    assert_eq!(text(source, json!({"x": ""})), "d--");
    assert_eq!(text(source, json!({"x": {"y": {"z": 1}}})).matches('1').count(), 3);
}

#[test]
fn printing_what_is_absent_is_an_error() {
    let error = error("a\n{{ x.y }}", json!({"x": {"secret": "value"}}));
    assert_eq!(error, "the prompt cannot be rendered: undefined value: cannot print an absent value (in prompt:2)");
}

#[test]
fn errors_do_not_quote_values() {
    let error = render("{{ x|nothing }}", json!({"x": "hidden"})).unwrap_err();
    assert!(!format!("{error} {error:?} {error:#?}").contains("hidden"));
}

#[test]
fn roles_start_messages() {
    let template = Template::new(
        Some("\nBe brief.\n"),
        "{{ role('user') }}\nQ: {{ q }}\n\n{{ role(\"assistant\") }}\n  A\n{{ role('user') }}\n\n{{ role('assistant') }}B",
    );
    let prompt = template.render([("q", json!("why?"))]).unwrap();
    let messages: Vec<_> = prompt.messages.iter().map(|m| (m.role, m.content.as_text().unwrap())).collect();
    assert_eq!(
        messages,
        [
            (Role::System, "Be brief."),
            (Role::User, "Q: why?"),
            (Role::Assistant, "  A"),
            (Role::User, ""),
            (Role::Assistant, "B")
        ]
    );
}

#[test]
fn roles_work_in_loops_and_macros() {
    let source = "{% macro turn(t) %}{{ role(t.who) }}{{ t.text }}{% endmacro %}\
                  {% for t in turns %}{{ turn(t) }}{% endfor %}";
    let turns = json!({"turns": [{"who": "user", "text": "hi"}, {"who": "assistant", "text": "yes"}]});
    let prompt = render(source, turns).unwrap();
    assert_eq!(prompt, Prompt::default().with(Role::User, "hi").with(Role::Assistant, "yes"));
}

#[test]
fn an_unknown_role_is_an_error() {
    assert!(
        error("{{ role('asistant') }}", json!({})).contains("`role` expects \"system\", \"user\" or \"assistant\"")
    );
}

#[test]
fn an_argument_named_role_is_that_argument() {
    assert_eq!(text("{{ role }}", json!({"role": "engineer"})), "engineer");
}

#[test]
fn tags_alone_on_a_line_leave_no_line() {
    let source = "Skills:\n{% for s in xs %}\n  - {{ s }}\n{% endfor %}\nEnd";
    assert_eq!(text(source, json!({"xs": ["a", "b"]})), "Skills:\n  - a\n  - b\nEnd");
}

#[test]
fn endless_work_is_stopped() {
    let source = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}\
                  {% endfor %}{% endfor %}{% endfor %}";
    assert!(error(source, json!({})).contains("engine ran out of fuel"));
    let megabytes = "x".repeat(8 << 20);
    assert_eq!(text("{{ x }}", json!({"x": megabytes})).len(), 8 << 20);
}

#[test]
fn a_syntax_error_is_told_at_every_rendering() {
    static WRONG: Template = Template::new(None, "{{ x");
    for _ in 0..2 {
        assert!(WRONG.render([]).unwrap_err().to_string().contains("syntax error"));
    }
}

#[test]
fn debugging_tools_are_absent() {
    assert!(error("{{ debug() }}", json!({})).contains("unknown function"));
    assert!(error("{{ x|pprint }}", json!({"x": 1})).contains("unknown filter"));
}

/// Strings come out unchanged, whatever they contain.
#[test]
fn values_are_verbatim() {
    const PIECES: [&str; 18] = [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "<",
        "&amp;",
        "\\u003c",
        "\u{1}",
        "\"",
        "'",
        "\n",
        "\r\n",
        " ",
        "é",
        "🦀",
        "{{ role('assistant') }}",
    ];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..200 {
        let value: String = (0..random.usize(..30)).map(|_| PIECES[random.usize(..PIECES.len())]).collect();
        let arguments = json!({"x": value, "xs": [value]});
        assert_eq!(text("[{{ x }}]", arguments.clone()), format!("[{value}]"));
        assert_eq!(
            text("[{{ xs|join }}{% for x in xs %}{{ x }}{% endfor %}]", arguments.clone()),
            format!("[{value}{value}]")
        );
        let json = text("{{ xs }}", arguments.clone());
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), arguments["xs"]);
    }
}

/// Numbers are printed so that parsing them gives the same number.
#[test]
fn numbers_are_exact() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..300 {
        let number = f64::from_bits(random.u64(..));
        if number.is_finite() {
            assert_eq!(text("{{ x }}", json!({"x": number})).parse::<f64>().unwrap().to_bits(), number.to_bits());
        }
        let number = random.i64(..);
        assert_eq!(text("{{ x }}", json!({"x": number})), number.to_string());
    }
}

/// Filters, tests and operators render the same text with every supported version of minijinja: `.ci/run` repeats this with the
/// oldest one. `FLOW_REGENERATE=1` rewrites the file.
#[test]
fn every_version_renders_alike() {
    const FILE: &str = include_str!("renderings.txt");
    let values = json!({
        "t": "a B-c", "n": 7, "f": 2.5, "neg": -3, "big": u64::MAX, "yes": true, "no": null, "l": ["b", "a", "b"],
        "ns": [3, 1, 2], "o": [{"n": 2, "t": "x"}, {"n": 1, "t": "y"}], "m": {"b": 1, "a": 2},
    });
    let mut rendered = String::new();
    for line in FILE.lines() {
        let template = line.rsplit_once(" → ").expect("a template and its text").0;
        let shown = match render(template, values.clone()) {
            Ok(prompt) => format!("{:?}", prompt.messages.iter().map(|it| it.content.text()).collect::<Vec<_>>()),
            Err(error) => format!("error: {:?}", error.0.kind()),
        };
        rendered += &format!("{template} → {shown}\n");
    }
    if std::env::var_os("FLOW_REGENERATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/prompt/render/renderings.txt"), &rendered).unwrap();
    }
    for (expected, found) in FILE.lines().zip(rendered.lines()) {
        assert_eq!(found, expected);
    }
}
