//! The variables that a template prints whole, whatever their values.

use super::source::Source;
use super::syntax::tree::{Kind, Stmt, Target};

/// Returns the names that are printed outside of every branch, loop and macro; nothing if the template cannot be parsed.
pub(crate) fn printed(text: &str) -> Vec<String> {
    let Ok(template) = super::syntax::parse(&Source::new(text)) else { return Vec::new() };
    let is_set = |name: &str| {
        template.iter().any(|statement| matches!(statement, Stmt::Set(Target::Name(set), _) if *set == name))
    };
    let name = |statement: &Stmt<'_>| match statement {
        Stmt::Print(printed) => match printed.kind {
            Kind::Var(name) if !is_set(name) => Some(name.to_owned()),
            _ => None,
        },
        _ => None,
    };
    template.iter().filter_map(name).collect()
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
}
