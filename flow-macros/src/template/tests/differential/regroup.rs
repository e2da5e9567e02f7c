//! Prints a template from its tree, with parentheses around every operation.

use crate::template::source::Source;
use crate::template::syntax::tree::{Applied, Arg, Binary, Expr, Kind, Parameter, Stmt, Target, Unary};

pub(super) struct Regroup<'s>(pub(super) &'s Source<'s>);

impl Regroup<'_> {
    pub(super) fn all(&self, statements: &[Stmt<'_>]) -> String {
        statements.iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&self, statement: &Stmt<'_>) -> String {
        match statement {
            Stmt::Print(expr) => format!("{{{{ {} }}}}", self.expr(expr)),
            Stmt::For(it) => {
                let filter = it.filter.as_ref().map(|filter| format!(" if {}", self.expr(filter))).unwrap_or_default();
                let recursive = if it.recursive { " recursive" } else { "" };
                let (target, of) = (self.target(&it.target), self.expr(&it.of));
                let (body, otherwise) = (self.all(&it.body), self.all(&it.otherwise));
                let otherwise = if otherwise.is_empty() { otherwise } else { format!("{{% else %}}{otherwise}") };
                format!("{{% for {target} in {of}{filter}{recursive} %}}{body}{otherwise}{{% endfor %}}")
            }
            Stmt::If(it) => {
                let (test, body, otherwise) = (self.expr(&it.test), self.all(&it.body), self.all(&it.otherwise));
                format!("{{% if {test} %}}{body}{{% else %}}{otherwise}{{% endif %}}")
            }
            Stmt::With(assignments, body) => {
                let assign = |(target, value): &(_, _)| format!("{} = {}", self.target(target), self.expr(value));
                let assignments: Vec<_> = assignments.iter().map(assign).collect();
                format!("{{% with {} %}}{}{{% endwith %}}", assignments.join(", "), self.all(body))
            }
            Stmt::Set(target, value) => format!("{{% set {} = {} %}}", self.target(target), self.expr(value)),
            Stmt::SetBlock(target, filter, body) => {
                let filter = filter.as_ref().map(|filter| format!("|{}", self.filters(filter))).unwrap_or_default();
                format!("{{% set {}{filter} %}}{}{{% endset %}}", self.target(target), self.all(body))
            }
            Stmt::FilterBlock(filter, body) => {
                format!("{{% filter {} %}}{}{{% endfilter %}}", self.filters(filter), self.all(body))
            }
            Stmt::Macro(it) => {
                let parameters = self.parameters(&it.parameters);
                format!("{{% macro {}({parameters}) %}}{}{{% endmacro %}}", it.name, self.all(&it.body))
            }
            Stmt::CallBlock(it) => {
                let (parameters, call) = (self.parameters(&it.parameters), self.expr(&it.call));
                format!("{{% call({parameters}) {call} %}}{}{{% endcall %}}", self.all(&it.body))
            }
            Stmt::Do(call) => format!("{{% do {} %}}", self.expr(call)),
            Stmt::Break => "{% break %}".to_owned(),
            Stmt::Continue => "{% continue %}".to_owned(),
            Stmt::Refused(tag, ..) => format!("{{% {tag} %}}"),
        }
    }

    fn target(&self, target: &Target<'_>) -> String {
        match target {
            Target::Name(name) => (*name).to_owned(),
            Target::Parts(parts) => parts.iter().map(|part| format!("({}),", self.target(part))).collect(),
            Target::Field(field) => self.0.slice(field.range()).to_owned(),
        }
    }

    fn parameters(&self, parameters: &[Parameter<'_>]) -> String {
        let parameter = |it: &Parameter<'_>| match &it.default {
            Some(default) => format!("{}={}, ", it.name, self.expr(default)),
            None => format!("{}, ", it.name),
        };
        parameters.iter().map(parameter).collect()
    }

    /// Filters that a tag applies to its text.
    fn filters(&self, expr: &Expr<'_>) -> String {
        let Kind::Filter(it) = &expr.kind else { return String::new() };
        let before = it.of.as_ref().map(|of| format!("{}|", self.filters(of))).unwrap_or_default();
        before + &self.applied(it)
    }

    fn applied(&self, it: &Applied<'_>) -> String {
        format!("{}{}", it.name, if it.args.is_empty() { String::new() } else { self.args(&it.args) })
    }

    fn args(&self, args: &[Arg<'_>]) -> String {
        let arg = |arg: &Arg<'_>| match arg {
            Arg::Value(value) => format!("{}, ", self.expr(value)),
            Arg::Named(name, value) => format!("{name}={}, ", self.expr(value)),
            Arg::List(value) => format!("*{}, ", self.expr(value)),
            Arg::Map(value) => format!("**{}, ", self.expr(value)),
        };
        format!("({})", args.iter().map(arg).collect::<String>())
    }

    fn each(&self, parts: &[Expr<'_>]) -> String {
        parts.iter().map(|part| format!("{}, ", self.expr(part))).collect()
    }

    fn expr(&self, expr: &Expr<'_>) -> String {
        let written = self.0.slice(expr.range());
        match &expr.kind {
            Kind::Const(_) | Kind::Chain(_) => format!("({written})"),
            Kind::Var(name) => (*name).to_owned(),
            Kind::Attribute(of, name) => format!("{}.{name}", self.expr(of)),
            Kind::Item(parts) => format!("{}[{}]", self.expr(&parts[0]), self.expr(&parts[1])),
            Kind::Slice(of, bounds) => {
                let bounds = bounds.each_ref().map(|bound| bound.as_ref().map(|it| self.expr(it)).unwrap_or_default());
                format!("{}[{}]", self.expr(of), bounds.join(":"))
            }
            Kind::Unary(Unary::Not, of) => format!("(not {})", self.expr(of)),
            Kind::Unary(Unary::Neg, of) => format!("(-{})", self.expr(of)),
            Kind::Binary(operator, sides) => {
                format!("({} {} {})", self.expr(&sides[0]), self.operator(*operator, sides), self.expr(&sides[1]))
            }
            Kind::If(it) => {
                let no = it.no.as_ref().map(|no| format!(" else {}", self.expr(no))).unwrap_or_default();
                format!("({} if {}{no})", self.expr(&it.yes), self.expr(&it.test))
            }
            Kind::Filter(it) => {
                let of = it.of.as_ref().map(|of| self.expr(of)).unwrap_or_default();
                format!("({of}|{})", self.applied(it))
            }
            Kind::Test(it) => {
                let of = it.of.as_ref().map(|of| self.expr(of)).unwrap_or_default();
                format!("({of} is {})", self.applied(it))
            }
            Kind::Call(it) => format!("{}{}", self.expr(&it.of), self.args(&it.args)),
            Kind::List(items) if written.starts_with('[') => format!("[{}]", self.each(items)),
            Kind::List(items) => format!("({})", self.each(items)),
            Kind::Map(pairs) => {
                let pair = |[key, value]: &[Expr<'_>; 2]| format!("{}: {}, ", self.expr(key), self.expr(value));
                format!("{{ {}}}", pairs.iter().map(pair).collect::<String>())
            }
        }
    }

    fn operator(&self, operator: Binary, sides: &[Expr<'_>; 2]) -> &str {
        match operator {
            Binary::Or => "or",
            Binary::And => "and",
            Binary::Eq => "==",
            Binary::Ne => "!=",
            Binary::In => "in",
            Binary::Math(operator) => operator,
            Binary::Order => {
                let between = self.0.slice(sides[0].range().end..sides[1].range().start);
                between.trim_matches(|c: char| !matches!(c, '<' | '>' | '='))
            }
        }
    }
}
