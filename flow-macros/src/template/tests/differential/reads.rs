//! Renders templates with arguments that record which parts are read, and records the output.

use std::sync::{Arc, Mutex};

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Environment, ErrorKind};
use serde_json::json;

use super::random::ARGUMENTS;

/// The keys from an argument to the value that is read, starting with the argument.
pub(super) type Path = Vec<String>;
type Log = Arc<Mutex<Vec<Path>>>;

#[derive(Debug)]
struct Recorded {
    path: Path,
    value: serde_json::Value,
    log: Log,
}

impl Recorded {
    fn value(path: Path, value: serde_json::Value, log: &Log) -> Value {
        use serde_json::Value::{Array, Bool, Null, Number, Object, String};
        match value {
            Null => Value::from(()),
            Bool(it) => Value::from(it),
            String(it) => Value::from(it),
            Number(it) => it.as_i64().map(Value::from).unwrap_or_else(|| Value::from(it.as_f64())),
            value @ (Array(_) | Object(_)) => Value::from_object(Self { path, value, log: Arc::clone(log) }),
        }
    }
}

impl Object for Recorded {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        if self.value.is_array() { ObjectRepr::Seq } else { ObjectRepr::Map }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let found = match key.as_str() {
            Some(name) => self.value.get(name)?,
            None => self.value.get(usize::try_from(key.clone()).ok()?)?,
        };
        let path: Path = self.path.iter().cloned().chain([key.to_string()]).collect();
        self.log.lock().unwrap().push(path.clone());
        Some(Self::value(path, found.clone(), &self.log))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match &self.value {
            serde_json::Value::Array(items) => Enumerator::Seq(items.len()),
            value => {
                let keys = value.as_object().into_iter().flat_map(|map| map.keys());
                Enumerator::Values(keys.map(|key| Value::from(key.as_str())).collect())
            }
        }
    }
}

/// The output of each `{{ … }}`, and the error that ended the rendering, if any.
pub(super) type Printed = (Vec<String>, Option<ErrorKind>);

/// Renders with arguments that record what is read.
pub(super) fn render(source: &str) -> (Printed, Vec<Path>) {
    let (log, printed) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    let mut engine = Environment::new();
    engine.set_fuel(Some(20_000));
    let sink = Arc::clone(&printed);
    engine.set_formatter(move |out, _, value| {
        let shown = if value.is_undefined() { "?".to_owned() } else { value.to_string() };
        out.write_str(&shown)?;
        sink.lock().unwrap().push(shown);
        Ok(())
    });
    let item = json!({"n": 2, "t": "b"});
    let values = [
        json!({"n": 3, "t": "a c", "l": [item, {"n": 1, "t": ""}], "m": {"k": 7}, "o": null}),
        json!("größer"),
        json!([1, 2.5, "a", {"n": 4}]),
    ];
    let arguments = ARGUMENTS.into_iter().zip(values);
    let context = arguments.map(|(name, value)| (name, Recorded::value(vec![name.to_owned()], value, &log)));
    let end = engine.render_str(source, Value::from_pairs(context));
    let reads = std::mem::take(&mut *log.lock().unwrap());
    let printed = std::mem::take(&mut *printed.lock().unwrap());
    ((printed, end.err().map(|error| error.kind())), reads)
}
