//! The walk over a template: its state and the findings it records.

use std::collections::BTreeSet;
use std::ops::Range;

use flow_base::near::{did_you_mean, nearest};

use super::analysis::{Analysis, How, Names, Use};
use super::error::TemplateError;
use super::place::{Place, Step};
use super::scope::{Local, MacroDef, Scopes};
use super::source::Source;
use super::syntax::tree::{Expr, Kind, Stmt, Target};
use crate::page::{self, Page};

pub(super) struct Walker<'a> {
    pub(super) source: &'a Source<'a>,
    arguments: &'a [String],
    states: &'a [String],
    pub(super) scopes: Scopes<'a>,
    /// Places known to be present at the current position.
    pub(super) facts: Vec<Place>,
    pub(super) macros: Vec<MacroDef<'a>>,
    /// The macros being expanded, by number.
    pub(super) active: Vec<usize>,
    /// The number of macro calls followed so far.
    pub(super) calls: usize,
    /// Inside a tag that captures its text, where a message cannot begin.
    pub(super) captured: bool,
    /// Nothing is recorded while this is above zero.
    pub(super) muted: usize,
    /// Incremented with every binding: a name read twice under the same count has the same value.
    pub(super) bindings: usize,
    uses: Vec<(usize, Use)>,
    errors: Vec<(usize, TemplateError)>,
    mentioned: BTreeSet<usize>,
    /// Part of the template was not analysed.
    pub(super) unread: bool,
}

pub(super) fn walk<'a>(source: &'a Source<'a>, names: Names<'a>, template: &'a [Stmt<'a>]) -> Analysis {
    let mut walker = Walker::new(source, names);
    walker.statements(template);
    walker.finish()
}

impl<'a> Walker<'a> {
    fn new(source: &'a Source<'a>, names: Names<'a>) -> Self {
        Self {
            source,
            arguments: names.arguments,
            states: names.states,
            scopes: Scopes::new(),
            facts: Vec::new(),
            macros: Vec::new(),
            active: Vec::new(),
            calls: 0,
            captured: false,
            muted: 0,
            bindings: 0,
            uses: Vec::new(),
            errors: Vec::new(),
            mentioned: BTreeSet::new(),
            unread: false,
        }
    }

    /// Sorts and deduplicates the findings: a macro is walked once per call, so the same finding may be recorded repeatedly.
    fn finish(mut self) -> Analysis {
        self.uses.sort_by_key(|(offset, _)| *offset);
        self.errors.sort_by_key(|(offset, _)| *offset);
        let mut analysis = Analysis { mentioned: self.mentioned, unread: self.unread, ..Analysis::default() };
        for (_, usage) in self.uses {
            let same_place = analysis.uses.iter().rev().take_while(|other| other.at() == usage.at());
            if !same_place.into_iter().any(|other| *other == usage) {
                analysis.uses.push(usage);
            }
        }
        for (_, error) in self.errors {
            if analysis.errors.last() != Some(&error) {
                analysis.errors.push(error);
            }
        }
        analysis
    }

    pub(super) fn error(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.error_on(page::PROMPT_SYNTAX, range, message);
    }

    fn error_on(&mut self, page: Page, range: Range<usize>, message: impl Into<String>) {
        if self.muted == 0 {
            let start = range.start;
            let error = TemplateError { page, ..TemplateError::new(self.source, range, message) };
            self.errors.push((start, error));
        }
    }

    /// Records a use of each place.
    pub(super) fn record(&mut self, places: &[Place], how: &How, range: &Range<usize>) {
        if self.muted > 0 {
            return;
        }
        let (line, column) = self.source.position(range.start);
        for place in places {
            let known = self.facts.iter().map(|fact| fact.shared(place)).max().unwrap_or(0);
            let usage = Use {
                argument: place.argument,
                path: place.path(),
                present: place.present.max(known),
                how: how.clone(),
                line,
                column,
                excerpt: self.source.excerpt(range.clone()),
            };
            self.uses.push((range.start, usage));
        }
    }

    /// Resolves a name to a local or an argument, or reports an error.
    pub(super) fn variable(&mut self, name: &'a str, range: Range<usize>) -> Option<Local> {
        if let Some(local) = self.scopes.get(name) {
            return Some(local.clone());
        }
        if let Some(argument) = self.argument(name) {
            self.mentioned.insert(argument);
            return Some(Local::Value(vec![Place::argument(argument)]));
        }
        let message = self.unknown(name);
        self.error_on(page::PROMPT_VARIABLE, range, message);
        None
    }

    pub(super) fn argument(&self, name: &str) -> Option<usize> {
        self.arguments.iter().position(|argument| argument == name)
    }

    fn unknown(&mut self, name: &str) -> String {
        if self.scopes.is_sometimes_set(name) {
            return format!(
                "`{name}` is set in only one branch of an `if`; set it in every branch, or before the `if`"
            );
        }
        if super::names::FUNCTIONS.contains(&name) {
            return format!("`{name}` is a function; call it, as in `{name}(…)`");
        }
        if self.states.iter().any(|state| state == name) {
            return format!(
                "`{name}` is a state, which is never shown to a model; pass what the text needs as an argument"
            );
        }
        let hint = did_you_mean(name, self.arguments.iter().map(String::as_str));
        // Counts as a use of the intended argument, so that it is not reported as unused too.
        let meant = nearest(name, self.arguments.iter().map(String::as_str));
        self.mentioned.extend(meant.and_then(|meant| self.argument(meant)));
        let arguments: Vec<_> = self.arguments.iter().map(|argument| format!("`{argument}`")).collect();
        let arguments = match arguments.len() {
            0 => "it takes none".to_owned(),
            _ => format!("arguments: {}", arguments.join(", ")),
        };
        format!("template uses `{{{{ {name} }}}}` but the step has no argument `{name}` ({arguments}){hint}")
    }

    /// Binds a value, or its parts, to names: `x`, or `k, v`.
    pub(super) fn bind(&mut self, target: &'a Target<'a>, places: Vec<Place>) {
        self.bindings += 1;
        match target {
            Target::Name(name) => self.scopes.set(name, Local::Value(places)),
            Target::Parts(parts) => self.bind_each(parts, &places),
            Target::Field(field) => self.bind_field(field),
        }
    }

    fn bind_each(&mut self, targets: &'a [Target<'a>], places: &[Place]) {
        for (i, target) in targets.iter().enumerate() {
            let parts = places.iter().filter_map(|place| place.clone().then(Step::Index(i))).collect();
            self.bind(target, parts);
        }
    }

    /// `{% set box.x = … %}` requires a `namespace` declared in the template.
    fn bind_field(&mut self, field: &'a Expr<'a>) {
        let Kind::Attribute(of, _) = &field.kind else { return };
        if of.name().is_none_or(|name| self.scopes.get(name).is_none()) {
            let message = "only fields of a `namespace()` can be set, not those of an argument";
            self.error(of.range(), message);
        }
    }
}
