//! The template engine, set up for prompts.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::show;

/// Work a template may do: about one unit for an operation and for each 64 bytes. Megabytes of text stay far below.
const FUEL: u64 = 20_000_000;

pub(super) fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    // `a.b.c` may be asked for where `b` is absent; what is *printed* must be there, and the formatter sees to that.
    engine.set_undefined_behavior(UndefinedBehavior::Chainable);
    engine.set_formatter(show::write);
    engine.set_fuel(Some(FUEL));
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        engine.set_syntax(syntax);
    }
    // Debug output of an error would quote the values.
    engine.set_debug(false);
    engine.remove_global("debug");
    engine.remove_filter("pprint");
    add_filters(&mut engine);
    add_tests(&mut engine);
    engine
}

/// Filters that differ from the engine's own because `null` is absent, or because values are shown as JSON.
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

/// An optional that is `None` is written as `null` or not at all; a template need not tell them apart.
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
        return Err(Error::new(ErrorKind::UndefinedError, "`tojson` is given a value that is absent"));
    }
    show::json(value, indent)
}
