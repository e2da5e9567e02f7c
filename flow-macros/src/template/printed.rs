//! The variables that a template prints whole, whatever their values.

use super::source::Source;
use super::syntax::tree::{Applied, Arg, Expr, Kind, Stmt, Target};

/// Returns the names that are printed outside of every branch, loop and macro; nothing if the template cannot be parsed. A name
/// that the template declares itself is no variable of its input.
pub(crate) fn printed(text: &str) -> Vec<String> {
    let Ok(template) = super::syntax::parse(&Source::new(text)) else { return Vec::new() };
    let mut own = Vec::new();
    declared(&template, &mut own);
    let name = |statement: &Stmt<'_>| match statement {
        Stmt::Print(printed) => whole(printed).filter(|name| !own.contains(name)).map(str::to_owned),
        _ => None,
    };
    template.iter().filter_map(name).collect()
}

/// The variable that an expression prints whole: `note`, or `note|default("-")`, which differs only if there is none.
fn whole<'a>(printed: &Expr<'a>) -> Option<&'a str> {
    match &printed.kind {
        Kind::Var(name) => Some(name),
        Kind::Filter(filter) => match &**filter {
            // A second argument would replace other values, too.
            Applied { name: "default" | "d", of: Some(of), args, .. } if matches!(args[..], [] | [Arg::Value(_)]) => {
                of.name()
            }
            _ => None,
        },
        _ => None,
    }
}

/// Adds the names that statements declare, also in branches, which share the names of what surrounds them.
fn declared<'a>(statements: &[Stmt<'a>], names: &mut Vec<&'a str>) {
    for statement in statements {
        match statement {
            Stmt::Set(target, _) => assigned(target, names),
            Stmt::SetBlock(target, _, body) => {
                assigned(target, names);
                declared(body, names);
            }
            Stmt::Macro(macro_) => names.push(macro_.name),
            Stmt::If(branch) => {
                declared(&branch.body, names);
                declared(&branch.otherwise, names);
            }
            Stmt::For(loop_) => declared(&loop_.otherwise, names),
            Stmt::FilterBlock(_, body) | Stmt::Refused(_, _, body) => declared(body, names),
            Stmt::Print(_) | Stmt::With(..) | Stmt::CallBlock(_) | Stmt::Do(_) | Stmt::Break | Stmt::Continue => {}
        }
    }
}

fn assigned<'a>(target: &Target<'a>, names: &mut Vec<&'a str>) {
    match target {
        Target::Name(name) => names.push(name),
        Target::Parts(parts) => parts.iter().for_each(|part| assigned(part, names)),
        Target::Field(field) => names.extend(root(field)),
    }
}

/// The variable to which a field belongs.
fn root<'a>(field: &Expr<'a>) -> Option<&'a str> {
    match &field.kind {
        Kind::Var(name) => Some(name),
        Kind::Attribute(of, _) => root(of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::printed;

    #[test]
    fn only_whole_values_that_are_always_printed() {
        let text =
            "{{ a }} {{ b.c }} {% if a %}{{ d }}{% endif %} {{ e|upper }} {% for f in g %}{{ f }}{% endfor %}{{ h }}";
        assert_eq!(printed(text), ["a", "h"]);
        assert!(printed("{{ a } }}").is_empty());
        assert!(printed("{% set a = 1 %}{{ a }}").is_empty());
    }

    #[test]
    fn a_default_replaces_only_a_missing_value() {
        let text = "{{ a|default('-') }} {{ b|d }} {{ c|default('-', true) }} {{ d.e|default('-') }} {{ f|default('-')|upper }}";
        assert_eq!(printed(text), ["a", "b"]);
    }

    #[test]
    fn names_that_the_template_declares_are_its_own() {
        for text in [
            "{% set (a, b) = [1, 2] %}{{ a }}{{ b }}",
            "{% set a, (b, c) = [1, [2, 3]] %}{{ b }}",
            "{% set a %}x{% endset %}{{ a }}",
            "{% macro a() %}x{% endmacro %}{{ a }}",
            "{% if b %}{% set a = 1 %}{% endif %}{{ a }}",
            "{% if b %}{% elif c %}{% macro a() %}{% endmacro %}{% endif %}{{ a }}",
        ] {
            assert!(printed(text).is_empty(), "{text}");
        }
        for text in [
            "{% for b in c %}{% set a = 1 %}{% endfor %}{{ a }}",
            "{% with b = 1 %}{% set a = b %}{% endwith %}{{ a }}",
            "{% macro b() %}{% set a = 1 %}{% endmacro %}{{ a }}",
        ] {
            assert_eq!(printed(text), ["a"], "{text}");
        }
    }
}
