//! Random templates of the grammar, and random mutations of them.

use fastrand::Rng;

/// The arguments that templates read.
pub(super) const ARGUMENTS: [&str; 3] = ["x", "y", "größe"];
/// Names that templates declare. They are disjoint from the arguments, so shadowing is not tested.
const LOCALS: [&str; 4] = ["a", "b", "ç", "_d"];
/// Filters with their arguments. Each returns a value or fails on a string or list.
const FILTERS: [&str; 12] = [
    "upper",
    "trim",
    "length",
    "first",
    "default('-')",
    "d(y, true)",
    "join(', ')",
    "replace('a', x)",
    "map(attribute='n')",
    "sort(reverse=true)",
    "items",
    "select('odd')",
];
const TESTS: [&str; 9] =
    ["defined", "none", "string", "divisibleby 2", "eq(y)", "in [1, 2]", "not odd", "startingwith('a')", "sameas -1"];
/// Pieces that mutations insert.
const PIECES: [&str; 58] = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{{-",
    "-}}",
    "{%+",
    "-%}",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    ".",
    "|",
    "~",
    "=",
    "==",
    "!=",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "!",
    "'",
    "\"",
    "\\",
    "r#",
    " not ",
    " in ",
    " is ",
    " if ",
    " else ",
    " and ",
    " or ",
    "x",
    "1",
    "1.5",
    "0x1F",
    "1_0",
    ".0",
    "'\\u00e9'",
    "ß",
    "{% endif %}",
    "{% endfor %}",
    "{% else %}",
    "{% raw %}",
    "{% endraw %}",
];

pub(super) struct Grammar {
    random: Rng,
    scope: Vec<&'static str>,
    loops: usize,
    /// The template has a place that `undeclared_variables` does not inspect.
    pub(super) unseen: bool,
}

pub(super) fn grammar(seed: u64) -> Grammar {
    Grammar { random: Rng::with_seed(seed), scope: Vec::new(), loops: 0, unseen: false }
}

impl Grammar {
    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.random.usize(..items.len())]
    }

    pub(super) fn template(&mut self) -> String {
        let count = 1 + self.random.usize(..3);
        (0..count).map(|_| self.statement(3)).collect()
    }

    /// Statements in a nested scope with additional names.
    fn body(&mut self, depth: usize, names: &[&'static str]) -> String {
        let outer = self.scope.len();
        self.scope.extend(names);
        let count = self.random.usize(..3);
        let body = (0..count).map(|_| self.statement(depth - 1)).collect();
        self.scope.truncate(outer);
        body
    }

    fn statement(&mut self, depth: usize) -> String {
        if depth == 0 {
            return format!("{{{{ {} }}}}", self.expr(2));
        }
        match self.random.u8(..14) {
            0 | 1 => self.for_loop(depth),
            2 | 3 => self.if_block(depth),
            4 => {
                let (name, value) = (self.pick(&LOCALS), self.expr(2));
                format!("{{% with {name} = {value} %}}{}{{% endwith %}}", self.body(depth, &[name]))
            }
            5 => {
                let (name, value) = (self.pick(&LOCALS), self.expr(2));
                self.scope.push(name);
                format!("{{%- set {name} = {value} -%}}")
            }
            6 => self.macro_block(depth),
            7 => {
                self.unseen = true;
                let filter = self.pick(&FILTERS);
                format!("{{% filter {filter} %}}{}{{% endfilter %}}", self.body(depth, &[]))
            }
            8 if self.random.u8(..4) == 0 => {
                self.pick(&["text", "{# {{ x #}", "{% raw %}{{ x }}{% endraw %}", "{% do range(x) %}"]).to_owned()
            }
            9 if self.loops > 0 => self.pick(&["{% break %}", "{% continue %}", "{{ loop.index }}"]).to_owned(),
            _ => format!("{{{{ {} }}}}", self.expr(4)),
        }
    }

    fn for_loop(&mut self, depth: usize) -> String {
        let (name, other, of) = (self.pick(&LOCALS), self.pick(&LOCALS), self.operand(2));
        let (target, names) = match self.random.u8(..3) {
            0 => (format!("{name}, {other}"), vec![name, other]),
            _ => (name.to_owned(), vec![name]),
        };
        let filter = if self.random.u8(..4) == 0 { " if x is defined" } else { "" };
        self.loops += 1;
        let body = self.body(depth, &names);
        self.loops -= 1;
        let otherwise = if self.random.bool() { "{% else %}{{ y }}" } else { "" };
        format!("{{% for {target} in {of}{filter} %}}{body}{otherwise}{{% endfor %}}")
    }

    fn if_block(&mut self, depth: usize) -> String {
        let (test, body) = (self.no_if(3), self.body(depth, &[]));
        let elif = match self.random.u8(..3) {
            0 => format!("{{% elif {} %}}{}", self.no_if(2), self.body(depth, &[])),
            _ => String::new(),
        };
        let otherwise = if self.random.bool() { "{% else %}{{ größe }}" } else { "" };
        format!("{{% if {test} %}}{body}{elif}{otherwise}{{% endif %}}")
    }

    fn macro_block(&mut self, depth: usize) -> String {
        let loops = std::mem::take(&mut self.loops);
        let (parameter, default) = (self.pick(&LOCALS), self.expr(1));
        let body = self.body(depth, &[parameter]);
        self.loops = loops;
        let value = self.expr(1);
        let call = match self.random.u8(..3) {
            0 => format!("{{% call m({value}) %}}{{{{ x }}}}{{% endcall %}}"),
            1 => format!("{{{{ m({parameter}={value}) }}}}"),
            _ => "{{ m() }}".to_owned(),
        };
        format!("{{% macro m({parameter}={default}) %}}{body}{{% endmacro %}}{call}")
    }

    fn expr(&mut self, depth: usize) -> String {
        match self.random.u8(..8) {
            0 if depth > 0 => {
                format!("{} if {} else {}", self.no_if(depth - 1), self.no_if(depth - 1), self.expr(depth - 1))
            }
            _ => self.no_if(depth),
        }
    }

    /// Operators without parentheses, to test precedence.
    fn no_if(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.operand(0);
        }
        let left = self.no_if(depth - 1);
        match self.random.u8(..9) {
            0 | 1 => left,
            2 => format!("not {left}"),
            3 => format!("{left} {} {}", self.pick(&["and", "or"]), self.no_if(depth - 1)),
            4 => {
                let operator = self.pick(&["==", "!=", "<", "<=", ">", ">=", "in", "not in"]);
                format!("{left} {operator} {}", self.operand(depth - 1))
            }
            5 => format!("{left} ~ {}", self.operand(depth - 1)),
            6 => format!("{} is {}", self.operand(depth - 1), self.pick(&TESTS)),
            _ => {
                let operator = self.pick(&["+", "-", "*", "/", "//", "%", "**", " ~ "]);
                format!("{}{operator}{}", self.number(), self.number())
            }
        }
    }

    fn number(&mut self) -> String {
        match self.random.u8(..4) {
            0 => "x.n".to_owned(),
            1 => "-y".to_owned(),
            2 => "y|length".to_owned(),
            _ => self.random.u8(1..5).to_string(),
        }
    }

    fn operand(&mut self, depth: usize) -> String {
        let value = match self.random.u8(..if depth == 0 { 7 } else { 11 }) {
            0 => self.pick(&["1", "2.5", "0x1f", "1_000", "1e3", "0b11", "true", "none", "False"]).to_owned(),
            1 => self.pick(&["'a'", "\"b\"", "'\\x41' 'c'", "'\\''", "'}}'", "\"{{\""]).to_owned(),
            2 if !self.scope.is_empty() => {
                let scope = self.scope.clone();
                self.pick(&scope).to_owned()
            }
            7 => format!("[{}, {}]", self.expr(depth - 1), self.expr(depth - 1)),
            8 => format!("({}, )", self.expr(depth - 1)),
            9 => format!("{{'n': {}, 'k': {{'t': {}}}}}", self.expr(depth - 1), self.expr(depth - 1)),
            10 => format!("({})", self.expr(depth - 1)),
            _ => self.pick(&ARGUMENTS).to_owned(),
        };
        self.postfix(value, depth)
    }

    fn postfix(&mut self, value: String, depth: usize) -> String {
        match self.random.u8(..12) {
            0 | 1 => format!("{value}{}", self.pick(&[".n", ".t", ".l", ".m.k", "['l']", ".l.0", ".l[0].t", ".l.0.n"])),
            2 if depth > 0 => format!("{value}[{}]", self.expr(depth - 1)),
            3 => {
                self.unseen = true;
                format!("{value}[{}]", self.pick(&[":", "1:", ":-1", "::2", "0:2:1", "x.n:"]))
            }
            4 | 5 => {
                let filter = self.pick(&FILTERS);
                format!("{value}|{filter}")
            }
            6 => format!("-{value}"),
            7 => format!("range({value})"),
            _ => value,
        }
    }

    /// Mutates the template in one or two places.
    pub(super) fn changed(&mut self, template: &str) -> String {
        let mut changed = template.to_owned();
        for _ in 0..1 + self.random.usize(..2) {
            let edges: Vec<_> = changed.char_indices().map(|(at, _)| at).chain([changed.len()]).collect();
            let first = self.random.usize(..edges.len());
            let last = (first + self.random.usize(..4)).min(edges.len() - 1);
            let piece = if self.random.bool() { self.pick(&PIECES) } else { "" };
            changed.replace_range(edges[first]..edges[last], piece);
        }
        changed
    }
}
