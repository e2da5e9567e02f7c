//! Expressions: what they await, and the origins of their values.

use syn::visit_mut;
use syn::{BinOp, Expr, Member, UnOp};

use super::arms::Tail;
use super::change::assigns;
use super::expr::{root, strip};
use super::reader::Reader;
use super::{by_name, ending, hidden, impure, ways};
use crate::model::{Block, Ending, Hiding, Leave, Origin, Seg, What, last_name, plain};
use crate::text;

/// Functions that return their argument, as far as its contract is concerned.
const SAME_VALUE: &[&str] = &["Ok", "Box::new", "Arc::new", "Rc::new", "Cow::Borrowed", "Cow::Owned", "Vec::from"];

impl Reader {
    /// Reads an expression, replaces its awaits with placeholders, and returns the origin of its value.
    pub(super) fn expr(&mut self, expr: &mut Expr) -> Origin {
        super::attached::bind_to_loop(expr);
        let tail = std::mem::take(&mut self.ways.tail);
        if tail != Tail::No {
            return self.result_of(expr, tail);
        }
        match expr {
            Expr::Await(_) => self.awaited(expr),
            Expr::Macro(_) => self.macro_call(expr),
            Expr::If(branch) => self.branch(branch, Tail::No),
            Expr::Match(choice) => self.choice(choice, Tail::No),
            Expr::While(_) | Expr::Loop(_) | Expr::ForLoop(_) => self.repetition(expr),
            Expr::Block(block) => {
                self.attributes(&mut block.attrs);
                match &block.label {
                    Some(label) => self.labelled(label, &mut block.block, Tail::No),
                    None => self.block(&mut block.block),
                }
            }
            Expr::Async(block) => {
                let at = block.async_token;
                self.replaced(expr, What::Hidden(Hiding::AsyncBlock), at)
            }
            Expr::Closure(_) => self.closure(expr),
            Expr::Let(bind) => {
                let value = self.expr(&mut bind.expr);
                self.read(&value);
                self.bind(&bind.pat, value);
                Origin::Nothing
            }
            Expr::Assign(_) => self.assignment(expr),
            Expr::Binary(binary) if assigns(&binary.op) => self.compound(expr),
            Expr::Binary(binary) if is_lazy(&binary.op) => self.lazy(expr),
            Expr::Reference(_) => self.lent(expr),
            Expr::MethodCall(_) => self.method(expr),
            other => self.plain(other),
        }
    }

    /// Reads an expression that is not itself an await.
    fn plain(&mut self, expr: &mut Expr) -> Origin {
        match expr {
            Expr::Lit(_) => Origin::Nothing,
            Expr::Return(leave) => {
                self.attributes(&mut leave.attrs);
                let ends = leave.expr.as_deref().map_or(Ending::Either, ending::ending);
                let value = leave.expr.as_mut().map_or(Origin::Nothing, |value| self.result_of(value, Tail::Result));
                self.returned = std::mem::replace(&mut self.returned, Origin::Nothing).or(value);
                self.leave(Leave::End(ends));
                Origin::Nothing
            }
            Expr::Break(leave) => {
                self.attributes(&mut leave.attrs);
                let tail = self.broken(leave.label.as_ref());
                let value = leave.expr.as_mut().map_or(Origin::Nothing, |value| self.end(value, tail));
                self.broken.push((leave.label.as_ref().map(ToString::to_string), value));
                self.leave_behind(leave.label.as_ref());
                Origin::Nothing
            }
            Expr::Continue(leave) => {
                self.attributes(&mut leave.attrs);
                self.leave_for_next_turn(leave.label.as_ref());
                Origin::Nothing
            }
            Expr::Path(path) => {
                path.path.get_ident().map_or(Origin::Nothing, |name| self.scope.value(&name.to_string()))
            }
            Expr::Paren(inner) => self.expr(&mut inner.expr),
            Expr::Group(inner) => self.expr(&mut inner.expr),
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => self.expr(&mut inner.expr),
            Expr::Try(inner) => {
                self.attributes(&mut inner.attrs);
                self.tried(&mut inner.expr)
            }
            Expr::Field(field) => {
                self.flow.used.extend(root(&field.base));
                let seg = match &field.member {
                    Member::Named(name) => Seg::Field(plain(name)),
                    Member::Unnamed(index) => Seg::Index(index.index as usize),
                };
                self.expr(&mut field.base).part(seg)
            }
            Expr::Index(index) => {
                let list = self.expr(&mut index.expr);
                let position = self.expr(&mut index.index);
                self.read(&position);
                if matches!(strip(&index.index), Expr::Range(_)) { list } else { list.part(Seg::Item) }
            }
            Expr::Tuple(tuple) => {
                let parts: Vec<_> = tuple.elems.iter_mut().map(|part| self.expr(part)).collect();
                Origin::made(parts.into_iter().enumerate().map(|(index, part)| (Seg::Index(index), part)))
            }
            Expr::Array(list) => {
                let items: Vec<_> = list.elems.iter_mut().map(|item| self.expr(item)).collect();
                Origin::either(items).around(Seg::Item)
            }
            Expr::Repeat(list) => self.expr(&mut list.expr).around(Seg::Item),
            Expr::Struct(literal) => self.literal(literal),
            Expr::Call(call) if let Some((path, found)) = impure::call(call) => {
                let path = path.clone();
                self.replaced(expr, What::Impure(found), path)
            }
            Expr::Call(call) if by_name::is_unawaited_map(call) => {
                let function = call.func.clone();
                self.replaced(expr, What::UnawaitedMap, function)
            }
            Expr::Call(call) if names_a_value(&call.func) => self.constructed(expr),
            _ => self.composed(expr),
        }
    }

    /// `Mail { to, text: draft.text, ..rest }`
    fn literal(&mut self, literal: &mut syn::ExprStruct) -> Origin {
        let path = last_name(&literal.path);
        let parts: Vec<_> = literal
            .fields
            .iter_mut()
            .map(|field| {
                let value = self.expr(&mut field.expr);
                // A path with several segments may be a variant.
                let seg = match &field.member {
                    Member::Named(name) if literal.path.segments.len() == 1 => Seg::Field(plain(name)),
                    Member::Named(name) => Seg::Payload(path.clone(), plain(name)),
                    Member::Unnamed(index) => Seg::Payload(path.clone(), index.index.to_string()),
                };
                (seg, value)
            })
            .collect();
        let rest = literal.rest.as_mut().map_or(Origin::Nothing, |rest| self.expr(rest));
        Origin::made(parts).or(rest)
    }

    /// `Some(a)`, `Mail(a, b)`, and functions that return their argument.
    fn constructed(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Call(call) = expr else { return Origin::Nothing };
        let mut parts: Vec<_> = call.args.iter_mut().map(|argument| self.expr(argument)).collect();
        let path = text::of(&call.func).replace(' ', "");
        let name = path.rsplit("::").next().unwrap_or_default().trim_start_matches("r#").to_owned();
        match name.as_str() {
            _ if SAME_VALUE.iter().any(|same| ends_with(&path, same)) && parts.len() == 1 => parts.remove(0),
            "from" => Origin::either(parts).part(Seg::Text),
            "Some" => Origin::either(parts).around(Seg::Some),
            "Err" => Origin::lost(parts).by(expr),
            _ => Origin::made(
                parts
                    .into_iter()
                    .enumerate()
                    .map(|(index, part)| (Seg::Payload(name.clone(), index.to_string()), part)),
            ),
        }
    }

    /// A value computed by plain code: its origin is lost if any operand has one.
    fn composed(&mut self, expr: &mut Expr) -> Origin {
        let around = std::mem::take(&mut self.parts);
        visit_mut::visit_expr_mut(self, expr);
        let value = Origin::lost(std::mem::replace(&mut self.parts, around)).by(expr);
        if let Expr::Call(call) = expr {
            self.changed_by_call(&call.args, &value);
            if ending::never_returns(call) {
                self.leave(Leave::End(Ending::Error));
            }
        }
        value
    }

    /// `x?`: the output of a call, or the content of an option.
    fn tried(&mut self, inner: &mut Expr) -> Origin {
        let direct = matches!(strip(inner), Expr::Await(_) | Expr::Macro(_));
        let (fails, is_call, on) = (ending::is_error(inner), ending::is_call(inner), format!("{}?", text::of(inner)));
        self.ways.tried = is_call;
        // An error here ends the function.
        let part_of = if self.ways.part_of == Tail::InOk { Tail::Result } else { Tail::No };
        let value = self.making(part_of, |reader| reader.expr(inner));
        if is_call || self.is_result(&value.clone().traces()) {
            self.may_fail(on, ["Ok", "Err"]);
        }
        if fails {
            self.leave(Leave::End(Ending::Error));
        }
        if direct { value } else { inside(value) }
    }

    /// Reads the result of a function, or the content of its `Ok(…)`.
    fn result_of(&mut self, expr: &mut Expr, tail: Tail) -> Origin {
        match expr {
            Expr::If(branch) if branch.else_branch.is_some() => self.branch(branch, tail),
            Expr::Match(choice) => self.choice(choice, tail),
            Expr::Block(block) => {
                self.attributes(&mut block.attrs);
                match &block.label {
                    Some(label) => self.labelled(label, &mut block.block, tail),
                    None => self.part(&mut block.block, tail),
                }
            }
            Expr::Loop(_) => {
                self.ways.broken = tail;
                self.repetition(expr)
            }
            Expr::Paren(inner) => self.result_of(&mut inner.expr, tail),
            Expr::Call(call) if tail == Tail::Result && ending::is_ok(call) => {
                self.result_of(&mut call.args[0], Tail::InOk)
            }
            _ => {
                let ending = ending::ending(expr);
                self.ways.tried = tail == Tail::Result && ending::is_call(expr);
                let value = self.making(tail, |reader| reader.expr(expr));
                self.ends(tail, ending, &value);
                value
            }
        }
    }

    /// `'found: { … }`
    fn labelled(&mut self, label: &syn::Label, block: &mut syn::Block, tail: Tail) -> Origin {
        let drawn = Block::Labelled(label.name.to_string());
        self.ways.broken = tail;
        self.structured_as(drawn, ways::Kind::Labelled, Some(label), |reader| {
            reader.arm("");
            reader.breaking(|reader| reader.part(block, tail))
        })
    }

    /// `a && b` and `a || b`: `b` is a branch on `a`.
    fn lazy(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Binary(binary) = expr else { return Origin::Nothing };
        let on = text::of(&binary.left);
        let (then, otherwise) = if matches!(binary.op, BinOp::And(_)) { ("true", "false") } else { ("false", "true") };
        let left = self.expr(&mut binary.left);
        let right = self.structured(Block::Branch { on }, |reader| {
            reader.arm(then);
            let right = reader.expr(&mut binary.right);
            reader.arm(otherwise);
            right
        });
        Origin::lost([left, right]).by(expr)
    }

    fn closure(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Closure(closure) = expr else { return Origin::Nothing };
        if hidden::is_hidden(closure) {
            let closure = closure.clone();
            return self.replaced(expr, What::Hidden(Hiding::Closure), closure);
        }
        hidden::inside(&closure.body, self);
        self.mentioned_in(&closure.body)
    }
}

/// The content of an option. A `Result` has the origin of its value.
pub(super) fn inside(value: Origin) -> Origin {
    match value {
        Origin::Traced(_) => value.part(Seg::Some),
        Origin::Made(ref parts) if parts.iter().all(|(seg, _)| *seg == Seg::Some) => value.part(Seg::Some),
        Origin::Either(all) => Origin::either(all.into_iter().map(inside)),
        other => other,
    }
}

fn is_lazy(op: &BinOp) -> bool {
    matches!(op, BinOp::And(_) | BinOp::Or(_))
}

/// Whether a function is a struct or variant, recognized by its capital, or returns its argument.
fn names_a_value(function: &Expr) -> bool {
    let Expr::Path(path) = strip(function) else { return false };
    let last = path.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
    let written = text::of(path).replace(' ', "");
    let same = SAME_VALUE.iter().any(|same| ends_with(&written, same)) || ends_with(&written, "String::from");
    same || last.starts_with(char::is_uppercase)
}

/// Whether a path ends with another, at a segment boundary.
fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with("::"))
}
