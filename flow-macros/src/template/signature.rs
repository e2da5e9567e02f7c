//! How many arguments filters and tests take, not counting their input.

use flow_base::near::did_you_mean;

use super::syntax::tree::{Arg, Const, Kind};
use super::walk::Walker;

/// The arguments that a filter or test accepts.
struct Signature {
    name: &'static str,
    least: usize,
    most: usize,
    /// Allowed keyword arguments.
    keywords: &'static [&'static str],
    /// The first argument is a number.
    counts: bool,
}

const ANY: usize = usize::MAX;

const fn takes(name: &'static str, least: usize, most: usize, keywords: &'static [&'static str]) -> Signature {
    Signature { name, least, most, keywords, counts: false }
}

const fn counts(name: &'static str, least: usize, most: usize, keywords: &'static [&'static str]) -> Signature {
    Signature { name, least, most, keywords, counts: true }
}

/// Filters not listed here take no arguments.
const FILTERS: &[Signature] = &[
    takes("attr", 1, 1, &[]),
    counts("batch", 1, 2, &[]),
    takes("chain", 0, ANY, &[]),
    takes("d", 0, 2, &[]),
    takes("default", 0, 2, &[]),
    takes("dictsort", 0, 0, &["by", "case_sensitive", "reverse"]),
    takes("float", 0, 1, &["default"]),
    takes("format", 0, ANY, &[]),
    takes("groupby", 1, 1, &["attribute", "case_sensitive", "default"]),
    counts("indent", 0, 3, &[]),
    takes("int", 0, 2, &["base", "default"]),
    takes("join", 0, 1, &["attribute"]),
    takes("map", 1, ANY, &["attribute", "default"]),
    takes("max", 0, 0, &["attribute", "case_sensitive"]),
    takes("min", 0, 0, &["attribute", "case_sensitive"]),
    takes("reject", 0, ANY, &[]),
    takes("rejectattr", 1, ANY, &[]),
    takes("replace", 2, 3, &[]),
    counts("round", 0, 2, &["method", "precision"]),
    takes("select", 0, ANY, &[]),
    takes("selectattr", 1, ANY, &[]),
    counts("slice", 1, 2, &[]),
    takes("sort", 0, 0, &["attribute", "case_sensitive", "reverse"]),
    takes("split", 0, 2, &[]),
    takes("sum", 0, 1, &["attribute", "start"]),
    takes("tojson", 0, 1, &["indent"]),
    takes("trim", 0, 1, &[]),
    takes("unique", 0, 0, &["attribute", "case_sensitive"]),
    takes("zip", 0, ANY, &[]),
];

/// Tests that compare with a value; all others take no arguments.
const COMPARE: &[&str] = &[
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "le",
    "lessthan",
    "lt",
    "ne",
    "sameas",
    "startingwith",
];

impl Signature {
    fn of_filter(name: &'static str) -> Self {
        let known = FILTERS.iter().find(|known| known.name == name);
        known.map_or(takes(name, 0, 0, &[]), |known| Self { ..*known })
    }

    fn of_test(name: &'static str) -> Self {
        let values = usize::from(COMPARE.contains(&name));
        takes(name, values, values, &[])
    }

    /// "2 to 3 arguments"
    fn count(&self) -> String {
        match (self.least, self.most) {
            (0, 0) => "no arguments".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (least, ANY) => format!("at least {least} arguments").replace("1 arguments", "one argument"),
            (0, 1) => "at most one argument".to_owned(),
            (0, most) => format!("at most {most} arguments"),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        }
    }
}

impl<'a> Walker<'a> {
    /// Checks the arguments of a filter, `|name(…)`.
    pub(super) fn filter_takes(&mut self, name: &str, given: &'a [Arg<'a>], whole: std::ops::Range<usize>) {
        if let Some(name) = super::names::FILTERS.iter().find(|known| **known == name) {
            self.takes(&Signature::of_filter(name), "filter", given, whole);
        }
    }

    /// Checks the arguments of a test, `is name(…)`.
    pub(super) fn test_takes(&mut self, name: &str, given: &'a [Arg<'a>], whole: std::ops::Range<usize>) {
        if let Some(name) = super::names::TESTS.iter().find(|known| **known == name) {
            self.takes(&Signature::of_test(name), "test", given, whole);
        }
    }

    fn takes(&mut self, signature: &Signature, what: &str, given: &'a [Arg<'a>], whole: std::ops::Range<usize>) {
        // The length of `*list` is unknown.
        if given.iter().any(|given| matches!(given, Arg::List(_) | Arg::Map(_))) {
            return;
        }
        for argument in given {
            if let Arg::Named(name, value) = argument
                && !signature.keywords.contains(name)
            {
                let hint = did_you_mean(name, signature.keywords.iter().copied());
                let message = format!("{what} `{}` has no argument `{name}`{hint}", signature.name);
                return self.error(value.range(), message);
            }
        }
        let positional = given.iter().filter(|given| matches!(given, Arg::Value(_))).count();
        if given.len() < signature.least || positional > signature.most {
            let found = if positional == 1 { "one was given".to_owned() } else { format!("{positional} were given") };
            let message = format!("{what} `{}` takes {}, but {found}", signature.name, signature.count());
            return self.error(whole, message);
        }
        if let Some(Arg::Value(first)) = given.first().filter(|_| signature.counts)
            && matches!(&first.kind, Kind::Const(it) if !matches!(it, Const::Number(_)))
        {
            let message = format!("{what} `{}` expects a number here", signature.name);
            self.error(first.range(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, ErrorKind};

    use super::*;

    /// The errors for inputs of each kind with this many arguments.
    fn said(form: &str, name: &str, count: usize) -> Vec<Option<ErrorKind>> {
        let engine = Environment::new();
        let given = vec!["1"; count].join(", ");
        let inputs = ["1", "'a'", "[1]", "{'a': 1}", "['a']"];
        let source = |input| format!("{{{{ {input}{form}{name}({given}) }}}}");
        inputs.iter().map(|input| engine.render_str(&source(input), ()).err().map(|error| error.kind())).collect()
    }

    #[test]
    fn the_engine_takes_as_many() {
        let filters = super::super::names::FILTERS.iter().map(|name| ("|", Signature::of_filter(name)));
        let tests = super::super::names::TESTS.iter().map(|name| (" is ", Signature::of_test(name)));
        for (form, signature) in filters.chain(tests).filter(|(_, signature)| signature.name != "tojson") {
            let Signature { name, least, most, .. } = signature;
            let fails = |count, kind| said(form, name, count).contains(&Some(kind));
            let all_fail = |count| said(form, name, count).iter().all(Option::is_some);
            assert!(!fails(least, ErrorKind::MissingArgument), "{name} takes {least}");
            assert!(least == 0 || all_fail(least - 1), "{name} needs {least}");
            if most != ANY {
                let takes = said(form, name, most).iter().any(|said| *said != Some(ErrorKind::TooManyArguments));
                assert!(takes, "{name} takes {most}");
                assert!(all_fail(most + 1), "{name} takes no more than {most}");
            }
        }
    }

    #[test]
    fn the_engine_takes_no_other_keyword() {
        let engine = Environment::new();
        let words = FILTERS.iter().flat_map(|known| known.keywords);
        for word in words.collect::<std::collections::BTreeSet<_>>() {
            for name in super::super::names::FILTERS.iter().filter(|name| **name != "tojson") {
                if Signature::of_filter(name).keywords.contains(word) {
                    continue;
                }
                let inputs = ["1", "'a'", "[1]", "{'a': 1}"];
                let refused = |input| engine.render_str(&format!("{{{{ {input}|{name}({word}=1) }}}}"), ()).is_err();
                // Some filters take keywords as an additional positional argument.
                let refused = inputs.into_iter().all(refused);
                assert!(refused || matches!(*name, "default" | "d" | "chain" | "zip" | "format"), "{name}({word}=1)");
            }
        }
    }
}
