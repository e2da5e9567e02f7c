//! Compares the parser with minijinja on random templates of the grammar and random mutations of them.
//!
//! `.ci/run` repeats this with the oldest minijinja version that the runtime accepts.

mod random;
mod reads;
mod regroup;

use std::collections::BTreeSet;

use minijinja::Environment;
use random::{ARGUMENTS, Grammar, grammar};

use super::*;
use crate::template::source::Source;
use crate::template::syntax::{self, token::Token};

const TEMPLATES: u64 = 1_000;
const CHANGES: usize = 4;

fn arguments() -> Vec<String> {
    ARGUMENTS.map(str::to_owned).to_vec()
}

/// The only kinds of templates that minijinja accepts and prompts do not.
#[test]
fn only_these_are_refused_by_us_alone() {
    let engine = Environment::new();
    let many = format!("{{{{ x{} }}}}", "|upper".repeat(400));
    let branches = format!("{{% if x %}}{}{{% endif %}}", "{% elif x %}".repeat(300));
    for (source, refusal) in [
        ("{% for in x %}{% endfor %}", "unexpected `in`, expected a name"),
        ("{% set %}{% endset %}", "unexpected `%}`, expected a name"),
        ("{% macro m(in) %}{% endmacro %}", "unexpected `in`, expected a name"),
        ("{% autoescape x %}{% endautoescape %}", "`{% autoescape %}` is not supported in a prompt"),
        ("{% for x in y recursive %}{% endfor %}", "a `recursive` loop cannot be checked"),
        (&many, "a tag has more than 600 words"),
        (&branches, "more than 200 branches"),
    ] {
        assert!(engine.template_from_str(source).is_ok(), "{source}");
        let found = &with(source, &arguments()).errors[0].message;
        assert!(found.contains(refusal), "{source}: {found}");
    }
}

fn is_exception(refusal: &str) -> bool {
    refusal.ends_with("expected a name") || refusal.contains("a tag has more than")
}

/// Passes each template and its mutations to `judge`, with `true` for unmodified templates.
fn each(mut judge: impl FnMut(&str, &Grammar, bool)) {
    for seed in 0..TEMPLATES {
        let mut grammar = grammar(seed);
        let template = grammar.template();
        judge(&template, &grammar, true);
        for _ in 0..CHANGES {
            let changed = grammar.changed(&template);
            judge(&changed, &grammar, false);
        }
    }
}

#[test]
fn both_accept_the_same() {
    let engine = Environment::new();
    let (mut made, mut accepted, mut refused) = (0, 0, 0);
    each(|template, _, is_grammar| {
        let theirs = engine.template_from_str(template);
        made += usize::from(is_grammar && theirs.is_ok());
        match (syntax::parse(&Source::new(template)), theirs) {
            (Ok(tree), Ok(_)) => {
                accepted += 1;
                assert!(!format!("{tree:?}").contains("Refused("), "{template}");
            }
            (Err(_), Err(_)) => refused += 1,
            (Ok(tree), Err(theirs)) => {
                assert!(format!("{tree:?}").contains("Refused("), "only we accept {template:?}: {theirs}");
            }
            (Err(ours), Ok(_)) => {
                assert!(is_exception(&ours.message), "only we refuse {template:?}: {ours}");
            }
        }
    });
    assert!(made > 800 && accepted > 1_500 && refused > 1_500, "{made}, {accepted} accepted, {refused} refused");
}

/// A template prints the same with parentheses around every operation of our tree.
#[test]
fn both_group_operators_alike() {
    let mut without_error = 0;
    each(|template, _, _| {
        let source = Source::new(template);
        let Ok(tree) = syntax::parse(&source) else { return };
        if has_text(&source) {
            return;
        }
        // In `x is none not in y`, `not` is a variable. In parentheses it would be an operator.
        if ["not", "if", "in", "is", "else"].iter().any(|word| format!("{tree:?}").contains(&format!("Var({word:?})")))
        {
            return;
        }
        let regrouped = regroup::Regroup(&source).all(&tree);
        let (printed, _) = reads::render(template);
        without_error += usize::from(printed.1.is_none());
        assert_eq!(printed, reads::render(&regrouped).0, "{template}\n{regrouped}");
    });
    assert!(without_error > 200, "{without_error} rendered");
}

/// Whether a template has plain text, which macros may print but the tree omits.
fn has_text(source: &Source<'_>) -> bool {
    let ranges = syntax::lexer::lex(source).tokens;
    let ends = |token| matches!(token, Token::Symbol("}}" | "%}"));
    let starts = ranges.first().is_some_and(|(_, range)| range.start == 0);
    let last = ranges.last().is_some_and(|(_, range)| range.end == source.0.len());
    !starts || !last || ranges.windows(2).any(|pair| ends(pair[0].0) && pair[0].1.end != pair[1].1.start)
}

#[test]
fn both_find_the_same_arguments() {
    let engine = Environment::new();
    let mut compared = 0;
    each(|template, grammar, is_grammar| {
        let Ok(theirs) = engine.template_from_str(template) else { return };
        let analysis = with(template, &arguments());
        if analysis.unread {
            return;
        }
        let found = theirs.undeclared_variables(false);
        let theirs: BTreeSet<_> = (0..3).filter(|position| found.contains(ARGUMENTS[*position])).collect();
        if is_grammar && !grammar.unseen {
            assert!(analysis.mentioned.is_subset(&theirs), "{template}: {:?}, not {theirs:?}", analysis.mentioned);
        }
        if analysis.errors.is_empty() {
            compared += 1;
            assert!(theirs.is_subset(&analysis.mentioned), "{template}: {:?}, not {theirs:?}", analysis.mentioned);
        }
    });
    assert!(compared > 500, "{compared} without an error");
}

/// Everything read at render time lies on a path that the analysis lists, or below its end.
#[test]
fn no_rendering_reads_what_was_not_found() {
    let mut compared = 0;
    each(|template, _, is_grammar| {
        let analysis = with(template, &arguments());
        if !is_grammar || !analysis.errors.is_empty() {
            return;
        }
        for read in reads::render(template).1 {
            compared += 1;
            assert!(analysis.uses.iter().any(|usage| leads_to(usage, &read)), "{template} reads {read:?}");
        }
    });
    assert!(compared > 500, "{compared} reads");
}

fn leads_to(usage: &Use, read: &[String]) -> bool {
    let same = |(seg, key): (&Seg, &String)| match seg {
        Seg::Field(name) => name == key,
        Seg::Index(index) => *key == index.to_string(),
        Seg::Item | Seg::Value | Seg::Lookup => true,
    };
    read[0] == ARGUMENTS[usage.argument] && usage.path.iter().zip(&read[1..]).all(same)
}
