//! Methods that pass on their receiver or a part of it.

use syn::{Expr, ExprMethodCall};

use super::expr::{root, strip};
use super::reader::Reader;
use crate::model::{Origin, Seg};

/// What a method without effect on its receiver returns.
enum Gives {
    /// The value, a view or copy of it, or a selection of its items.
    Same,
    /// The same text as another type.
    Text,
    /// The same text as a type that only the target determines.
    Converted,
    /// The items, in a collection type that only the target determines.
    Collected,
    /// A list of lists of some of the items.
    Pieces,
    /// An option of the value.
    Held,
    /// The content of an option, or its replacement.
    Inside,
    /// An optional item.
    Item,
    /// An option or list of what the closure returns for the content.
    Mapped,
    /// The option or list that the closure returns for the content.
    Flat,
    /// A list of the contents of the options that the closure returns.
    Picked,
    /// The value or the argument.
    Or,
    /// The items with their positions.
    Numbered,
    /// Pairs of the items of two lists.
    Pairs,
    /// The items, which are lists, concatenated.
    Joined,
}

const METHODS: &[(&[&str], Gives)] = &[
    (
        &[
            "as_deref",
            "as_ref",
            "as_slice",
            "as_str",
            "borrow",
            "by_ref",
            "clone",
            "cloned",
            "copied",
            "fuse",
            "into_boxed_slice",
            "into_iter",
            "into_vec",
            "iter",
            "peekable",
            "rev",
            "to_owned",
            "to_vec",
        ],
        Gives::Same,
    ),
    (
        &["filter", "inspect", "map_err", "ok_or", "ok_or_else", "skip", "skip_while", "step_by", "take", "take_while"],
        Gives::Same,
    ),
    (&["collect"], Gives::Collected),
    (&["chunks", "chunks_exact", "windows"], Gives::Pieces),
    (&["into"], Gives::Converted),
    (&["to_string"], Gives::Text),
    (&["ok"], Gives::Held),
    (&["expect", "unwrap", "unwrap_or", "unwrap_or_default", "unwrap_or_else"], Gives::Inside),
    (
        &[
            "find",
            "first",
            "get",
            "last",
            "max",
            "max_by",
            "max_by_key",
            "min",
            "min_by",
            "min_by_key",
            "next",
            "nth",
            "pop",
            "pop_back",
            "pop_front",
        ],
        Gives::Item,
    ),
    (&["map"], Gives::Mapped),
    (&["and_then", "flat_map"], Gives::Flat),
    (&["filter_map"], Gives::Picked),
    (&["chain", "or", "or_else"], Gives::Or),
    (&["enumerate"], Gives::Numbered),
    (&["zip"], Gives::Pairs),
    (&["flatten"], Gives::Joined),
];

/// Methods that read their arguments but add nothing to the receiver.
const READS: &[&str] = &[
    "binary_search",
    "cmp",
    "contains",
    "contains_key",
    "dedup_by_key",
    "ends_with",
    "eq",
    "ne",
    "replace",
    "retain",
    "rfind",
    "sort_by",
    "sort_by_key",
    "split",
    "starts_with",
    "strip_prefix",
    "strip_suffix",
    "truncate",
];

/// Methods that return an iterator, whose content is an item rather than that of an option.
const ITERATES: &[&str] = &["iter", "into_iter", "iter_mut", "drain", "chars", "lines", "split", "windows", "chunks"];

impl Reader {
    pub(super) fn method(&mut self, expr: &mut Expr) -> Origin {
        let Expr::MethodCall(call) = expr else { return Origin::Nothing };
        self.attributes(&mut call.attrs);
        let name = call.method.to_string();
        self.flow.used.extend(root(&call.receiver));
        let receiver = self.receiver(call);
        let given: Vec<Origin> = call.args.iter_mut().map(|argument| self.expr(argument)).collect();
        let call = call.clone();
        let all = Origin::lost([receiver.clone()].into_iter().chain(given.clone())).by(expr);
        self.changed_by_call(&call.args, &all);
        if let Some(gives) = gives(&name, &call) {
            return self.given(gives, &call, receiver, given);
        }
        if name.ends_with("_mut") || name == "entry" {
            root(&call.receiver).iter().for_each(|name| self.scope.lend(name));
        }
        if !self.grown(expr, &given) && !READS.contains(&name.as_str()) {
            self.add_to(root(&call.receiver), &Origin::lost(given).by(expr));
        }
        all
    }

    fn given(&mut self, gives: &Gives, call: &ExprMethodCall, receiver: Origin, mut given: Vec<Origin>) -> Origin {
        let seg = if iterates(&call.receiver) { Seg::Item } else { Seg::Some };
        let given = if given.is_empty() { Origin::Nothing } else { given.remove(0) };
        let inside = |value: Origin| value.part(seg.clone());
        match gives {
            Gives::Same => receiver,
            Gives::Text => receiver.part(Seg::Text),
            Gives::Converted => receiver.part(Seg::Text).around(Seg::Text),
            Gives::Collected => receiver.part(Seg::Item).around(Seg::Item),
            Gives::Pieces => receiver.around(Seg::Item),
            Gives::Held => receiver.around(Seg::Some),
            Gives::Inside => match self.inside_of(call, receiver) {
                value if call.method == "unwrap_or_else" => value.or(self.made_by(call, Origin::Nothing)),
                value if call.method == "unwrap_or" => value.or(given),
                value => value,
            },
            Gives::Item => receiver.part(Seg::Item).around(Seg::Some),
            Gives::Mapped => self.made_by(call, inside(receiver)).around(seg),
            Gives::Flat => self.made_by(call, inside(receiver)),
            Gives::Picked => self.made_by(call, inside(receiver)).part(Seg::Some).around(seg),
            Gives::Or if call.method == "or_else" => receiver.or(self.made_by(call, Origin::Nothing)),
            Gives::Or => receiver.or(given),
            Gives::Numbered => inside(receiver).around(Seg::Index(1)).around(seg),
            Gives::Pairs => {
                let (one, other) = (inside(receiver), given.part(seg.clone()));
                Origin::made([(Seg::Index(0), one), (Seg::Index(1), other)]).around(seg)
            }
            Gives::Joined => inside(receiver).part(seg.clone()).around(seg),
        }
    }

    /// The content of an option. For a `Result` it is the value itself.
    fn inside_of(&self, call: &ExprMethodCall, receiver: Origin) -> Origin {
        let is_result = matches!(receiver, Origin::Traced(_)) && self.is_untried(&call.receiver);
        if is_result { receiver } else { super::value::inside(receiver) }
    }

    /// What a closure returns for its argument. What it contains was already found when it was read as an argument.
    fn made_by(&mut self, call: &ExprMethodCall, argument: Origin) -> Origin {
        match call.args.first().map(strip) {
            Some(Expr::Closure(closure)) => {
                let mut closure = closure.clone();
                let found = self.findings.len();
                self.scope.enter();
                if let Some(pat) = closure.inputs.first() {
                    self.bind(pat, argument);
                }
                let made = self.returning(|reader| reader.aside(|reader| reader.expr(&mut closure.body)));
                self.scope.leave();
                self.findings.truncate(found);
                made
            }
            Some(Expr::Path(path)) if hands_on(path) => argument,
            _ => Origin::lost([argument]).by(&Expr::MethodCall(call.clone())),
        }
    }
}

/// Whether a method passed by path, as in `.map(str::to_owned)`, returns the value itself.
fn hands_on(path: &syn::ExprPath) -> bool {
    let name = path.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
    METHODS.iter().any(|(names, gives)| matches!(gives, Gives::Same) && names.contains(&name.as_str()))
}

/// `find` of a text shares its name with `find` of an iterator, but takes no closure.
fn gives(name: &str, call: &ExprMethodCall) -> Option<&'static Gives> {
    let (_, gives) = METHODS.iter().find(|(names, _)| names.contains(&name))?;
    let closure = call.args.first().is_some_and(|argument| matches!(strip(argument), Expr::Closure(_)));
    let known = match name {
        "find" => closure,
        // With an argument, this is the larger or smaller of two values, not an item.
        "max" | "min" => call.args.is_empty(),
        _ => true,
    };
    known.then_some(gives)
}

/// Whether a chain of methods iterates over items.
fn iterates(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::MethodCall(call) => {
            ITERATES.iter().any(|name| call.method == name) || call.method != "next" && iterates(&call.receiver)
        }
        _ => false,
    }
}
