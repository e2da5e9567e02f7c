//! The template engine, set up for prompts.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::show;

/// The work limit of a template: about one unit per operation and per 64 bytes. Megabytes of text stay far below it.
const FUEL: u64 = 20_000_000;

pub(super) fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    // `a.b.c` is allowed if `b` is absent; only printing requires a value, and the formatter enforces that.
    engine.set_undefined_behavior(UndefinedBehavior::Chainable);
    engine.set_formatter(show::write);
    engine.set_fuel(Some(FUEL));
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        engine.set_syntax(syntax);
    }
    // An error's debug output would quote values.
    engine.set_debug(false);
    engine.remove_global("debug");
    engine.remove_filter("pprint");
    add_filters(&mut engine);
    add_tests(&mut engine);
    engine
}

/// Filters that differ from the built-in ones because `null` counts as absent, or because values are shown as JSON.
fn add_filters(engine: &mut Environment<'_>) {
    engine.add_filter("default", default);
    engine.add_filter("d", default);
    engine.add_filter("join", join);
    engine.add_filter("string", show::show);
    engine.add_filter("tojson", tojson);
}

fn add_tests(engine: &mut Environment<'_>) {
    engine.add_test("defined", |value: &Value| !absent(value));
    engine.add_test("undefined", absent);
    engine.add_test("none", absent);
}

/// An optional that is `None` may be written as `null` or omitted; templates treat both alike.
fn absent(value: &Value) -> bool {
    value.is_undefined() || value.is_none()
}

fn default(value: &Value, other: Option<Value>, boolean: Option<bool>, options: Kwargs) -> Result<Value, Error> {
    let boolean = boolean.or(options.get("boolean")?).unwrap_or(false);
    options.assert_all_used()?;
    let replace = absent(value) || boolean && !value.is_true();
    Ok(if replace { other.unwrap_or_else(|| Value::from("")) } else { value.clone() })
}

fn join(value: &Value, joiner: Option<String>, options: Kwargs) -> Result<String, Error> {
    let joiner = joiner.or(options.get("d")?).unwrap_or_default();
    let attribute: Option<String> = options.get("attribute")?;
    options.assert_all_used()?;
    let mut texts = Vec::new();
    for item in value.try_iter()? {
        let item = match &attribute {
            Some(path) => path.split('.').try_fold(item, |value, name| value.get_attr(name))?,
            None => item,
        };
        texts.push(show::show(&item)?);
    }
    Ok(texts.join(&joiner))
}

fn tojson(value: &Value, indent: Option<usize>, options: Kwargs) -> Result<String, Error> {
    let indent = indent.or(options.get("indent")?);
    options.assert_all_used()?;
    if value.is_undefined() {
        return Err(Error::new(ErrorKind::UndefinedError, "`tojson` requires a value, but it is absent"));
    }
    show::json(value, indent)
}
