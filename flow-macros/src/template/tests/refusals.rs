//! Templates that are rejected, and similar ones that are accepted.

use super::*;

#[test]
fn an_unknown_variable_names_the_nearest_argument() {
    assert_eq!(
        error("{{ resme.text }}{{ job }}"),
        "template uses `{{ resme }}` but the step has no argument `resme` (arguments: `resume`, `job`); \
         did you mean `resume`?"
    );
    assert!(error("{{ zzzz }}").ends_with("(arguments: `resume`, `job`)"));
    assert!(with("{{ x }}", &[]).errors[0].message.ends_with("`x` (it takes none)"));
    assert_eq!(error("{{ range }}"), "`range` is a function; call it, as in `range(…)`");
}

#[test]
fn unknown_names_of_the_engine() {
    assert_eq!(error("{{ resume|uper }}"), "unknown filter `uper`; did you mean `upper`?");
    assert_eq!(error("{{ resume|pprint }}"), "unknown filter `pprint`");
    assert_eq!(error("{% if resume is defind %}{% endif %}"), "unknown test `is defind`; did you mean `defined`?");
    assert_eq!(error("{{ job.xs|map('uper') }}"), "unknown filter `uper`; did you mean `upper`?");
    assert_eq!(error("{{ job.xs|selectattr('n', 'od') }}"), "unknown test `od`; did you mean `odd`?");
    assert_eq!(error("{{ rnge(3) }}"), "unknown function `rnge`; did you mean `range`?");
    assert_eq!(error("{{ debug() }}"), "unknown function `debug`");
    assert_eq!(error("{{ resume.text.upper() }}"), "values have no method `upper`; write `|upper`");
    assert_eq!(error("{{ resume() }}"), "`resume` is a value and cannot be called");
    assert_eq!(
        error("{% for x in job.xs %}{{ loop.indx }}{% endfor %}"),
        "`loop` has no field `indx`; did you mean `index`?"
    );
}

#[test]
fn roles() {
    assert_eq!(uses("{{ role('user') }}{{ resume }}{{ role(\"assistant\") }}{{ role('system') }}"), ["resume print"]);
    assert_eq!(
        error("{{ role('asistant') }}"),
        "unknown role: expected `system`, `user` or `assistant`; did you mean `assistant`?"
    );
    assert!(error("{{ role('bot') }}").ends_with("`assistant`"));
    assert_eq!(error("{{ role() }}"), "`role` takes a string literal: \"system\", \"user\" or \"assistant\"");
    assert!(error("{{ role(resume) }}").starts_with("`role` takes a string literal"));
    assert!(error("{{ role('user')|upper }}").starts_with("`role(…)` must be used on its own"));
    assert!(error("{% set x %}{{ role('user') }}{% endset %}").starts_with("a message cannot begin inside"));
    let named = with("{{ role }}{{ role('user') }}", &["role".to_owned()]);
    assert!(named.errors[0].message.ends_with("cannot be called: it shadows the function of the same name"));
}

#[test]
fn tags_of_several_templates_are_refused() {
    for (tag, source) in [
        ("include", "{% include 'x' %}"),
        ("import", "{% import 'x' as y %}"),
        ("from", "{% from 'x' import y %}"),
        ("extends", "{% extends 'x' %}"),
        ("block", "{% block x %}{% endblock %}"),
    ] {
        assert_eq!(error(source), format!("`{{% {tag} %}}` is not supported in a prompt: a prompt is a single text"));
    }
    assert!(error("{% autoescape true %}{% endautoescape %}").ends_with("nothing in a prompt is escaped"));
    assert!(error("{% for x in job.xs recursive %}{% endfor %}").contains("`recursive` loop"));
}

#[test]
fn what_cannot_be_rendered_is_refused() {
    assert!(error("{{ resume.a if job }}").contains("add an `else`"));
    assert_eq!(error("{{ 1 + 'a' }}{{ resume.n }}"), "`+` requires numbers; join strings with `~`");
    assert!(error("{% set resume.x = 1 %}").contains("only fields of a `namespace()`"));
}

#[test]
fn syntax_errors_have_a_place() {
    let analysis = of("Hello\n{{ resume.text \nbye");
    let [wrong] = analysis.errors.as_slice() else { panic!() };
    assert_eq!(wrong.line, 3);
    assert!(wrong.message.starts_with("template syntax: unexpected "), "{}", wrong.message);
    let text = of("a {% fro x in job %}").errors[0].to_string();
    assert_eq!(text, "unknown tag `{% fro %}`; did you mean `for`? (at 1:6)\n    a {% fro x in job %}\n         ^^^");
    assert_eq!(error("{% endif %}"), "unexpected `{% endif %}`: it matches no open tag");
}

/// The message after `template syntax: `, and the text marked by its carets.
#[test]
fn syntax_errors_say_what_was_expected() {
    for (source, message, marked) in [
        ("{{ job }", "unexpected `}`, expected `}}`", "}"),
        ("{{ job.x + }}", "unexpected `}}`, expected a value", "}}"),
        ("{{ (job.x }}", "unexpected `}}`, expected `)`", "}}"),
        ("{{ [job.x }} {{ job }}", "unexpected `}}`, expected `,` or `]`", "}}"),
        ("{{ {'a' job.x} }}", "unexpected `job`, expected `:`", "job"),
        ("{{ job. }}", "unexpected `}}`, expected a name or an index", "}}"),
        ("{{ job| }}", "unexpected `}}`, expected the name of a filter", "}}"),
        ("{{ job is }}", "unexpected `}}`, expected the name of a test", "}}"),
        ("{{ job[] }}", "unexpected `]`, expected a key or an index", "]"),
        ("{{ job not 1 }}", "unexpected `1`, expected `in`", "1"),
        ("{{ job }}{{ job", "this `{{` is never closed; add `}}`", "{{"),
        ("{% if job", "this `{%` is never closed; add `%}`", "{%"),
        ("{% if job %}{{ job }}", "`{% if %}` is never closed; add `{% endif %}`", "if"),
        ("{# job", "this comment is never closed; add `#}`", "{#"),
        ("{% raw %}{{ job }}", "`{% raw %}` is never closed; add `{% endraw %}`", "{% raw %}"),
        ("{{ job|d('x) }}", "this string is never closed", "'x) }}"),
        ("{{ '\\xgg' }}", "this string has an invalid escape sequence", "'\\xgg'"),
        ("{{ 1_ }}", "invalid number `1_`", "1_"),
        ("{{ job && job }}", "unexpected character `&`; write `and`", "&"),
        ("{{ !job }}", "unexpected character `!`; write `not`", "!"),
        ("{% if job %}{% else if job %}{% endif %}", "unexpected `if`, expected `%}`; write `elif`", "if"),
        ("{% for in job %}{% endfor %}", "unexpected `in`, expected a name", "in"),
        ("{% for x job %}{% endfor %}", "unexpected `job`, expected `in`", "job"),
        ("{% set loop = 1 %}", "`loop` is reserved; choose another name", "loop"),
        ("{% set x 1 %}", "unexpected `1`, expected `=`", "1"),
        ("{% break %}", "`{% break %}` is only allowed in the body of a `for`", "break"),
        ("{% macro m(a=1, b) %}", "unexpected `)`, expected `=`: parameters with a default come last", ")"),
        ("{{ range(a=1, 2) }}", "positional arguments must come before keyword arguments", "2"),
        ("{% do job %}", "this tag requires a call, such as `name(…)`", "job"),
        ("{% 1 %}", "unexpected `1`, expected a tag such as `if`", "1"),
    ] {
        let analysis = of(source);
        let [wrong] = analysis.errors.as_slice() else { panic!("{source}: {:#?}", analysis.errors) };
        assert_eq!(wrong.message, format!("template syntax: {message}"), "{source}");
        let (line, carets) = wrong.excerpt.split_once('\n').unwrap();
        let found: String =
            line.chars().zip(carets.chars()).filter(|(_, caret)| *caret == '^').map(|(c, _)| c).collect();
        assert_eq!(found, marked, "{source}");
    }
}

#[test]
fn a_tag_that_closes_nothing_names_the_open_one() {
    assert_eq!(
        error("{% for x in job %}\n{% if x %}{% endfor %}"),
        "unexpected `{% endfor %}`: it matches no open tag; `{% if %}` is open since 2:4"
    );
}

#[test]
fn independent_mistakes_are_all_told() {
    let analysis = of("{{ a }}{{ resume|b }}{% include 'c' %}{{ d() }}");
    assert_eq!(analysis.errors.len(), 4);
    assert!(analysis.errors.is_sorted_by_key(|error| error.column));
}

#[test]
fn unused_arguments() {
    let arguments = ["resume".to_owned(), "job".to_owned()];
    let unused = |source: &str| with(source, &arguments).unused(&arguments);
    assert_eq!(unused("{{ resume.x }}"), ["job"]);
    assert_eq!(unused("{% if job %}{% endif %}{{ resume }}"), [""; 0]);
    assert_eq!(unused("{% set x = job %}"), ["resume"]);
    assert_eq!(unused("{{ resme }}"), ["job"], "a misspelt argument is one mistake");
    assert_eq!(unused("{{ resume"), [""; 0], "a template that cannot be parsed has no unused arguments");
    assert_eq!(unused("{% include resume %}"), [""; 0], "a refused tag is one mistake");
}

#[test]
fn hostile_templates_end() {
    let nested = |open: &str, close: &str, n| format!("{}{}", open.repeat(n), close.repeat(n));
    let hostile = [
        format!("{{{{ {}1 }}}}", "1+".repeat(100_000)),
        format!("{{{{ {}1 }}}}", "not ".repeat(100_000)),
        format!("{{{{ resume{} }}}}", ".a".repeat(100_000)),
        format!("{{{{ {} }}}}", nested("[", "]", 100_000)),
        nested("{% if job %}", "{% endif %}", 10_000),
        format!("{{% if job %}}{}{{% endif %}}", "{% elif job %}".repeat(100_000)),
        "{".repeat(100_000),
        "x".repeat(5 << 20),
    ];
    for source in hostile {
        assert_eq!(of(&source).errors.len(), 1, "{}", &source[..30]);
    }
    assert!(of(&format!("{{{{ resume{} }}}}", ".a".repeat(290))).errors.is_empty());
    assert!(of(&format!("{{{{ {}resume.a }}}}", "resume.a and ".repeat(120))).errors.is_empty());
}

#[test]
fn macros_that_multiply_end() {
    let mut source = String::from("{% macro m0(a) %}{{ a.x }}{% endmacro %}");
    for i in 1..30 {
        let call = format!("{{{{ m{}(a) }}}}", i - 1);
        source += &format!("{{% macro m{i}(a) %}}{call}{call}{{% endmacro %}}");
    }
    assert!(of(&source).errors[0].message.contains("more than 500 macro calls"));
}

#[test]
fn a_state_is_no_argument() {
    let told = &with("{{ db }}", &["x".to_owned()]).errors[0].message;
    assert!(told.contains("`db` is a state, which is never shown to a model"), "{told}");
}

#[test]
fn filters_and_tests_take_what_they_take() {
    let told = |source: &str| with(source, &["x".to_owned()]).errors.first().map(|error| error.message.clone());
    for (source, message) in [
        ("{{ x|replace('a') }}", "filter `replace` takes 2 to 3 arguments, but one was given"),
        ("{{ x|upper(3) }}", "filter `upper` takes no arguments, but one was given"),
        ("{{ x|join(', ', 3, 4) }}", "filter `join` takes at most one argument, but 3 were given"),
        ("{{ x|round(precison=2) }}", "filter `round` has no argument `precison`; did you mean `precision`?"),
        ("{{ x|batch('x')|length }}", "filter `batch` expects a number here"),
        ("{{ x is divisibleby }}", "test `divisibleby` takes one argument, but 0 were given"),
        ("{% if x is defined(1) %}a{% endif %}", "test `defined` takes no arguments, but one was given"),
    ] {
        assert_eq!(told(source).as_deref(), Some(message), "{source}");
    }
    for source in [
        "{{ x|replace('a', 'b') }}",
        "{{ x|round(2) }}",
        "{{ x|sort(attribute='n', reverse=true)|map(attribute='n')|join(', ') }}",
        "{% if x is divisibleby 3 and x is not none %}a{% endif %}",
        "{{ x|default('a')|indent(2, true) }}",
        "{{ x|map('upper')|join }}",
    ] {
        assert_eq!(told(source), None, "{source}");
    }
}
