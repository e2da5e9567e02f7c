//! Reads the arguments of a workflow from JSON by name, and reports all errors together.

use serde_json::{Map, Value};

use crate::contract::Violation;

/// The arguments while they are being read.
#[derive(Debug)]
pub struct Arguments {
    given: Map<String, Value>,
    wrong: Vec<Violation>,
}

impl Arguments {
    /// Starts with the input; reports it if it is not an object, and reports unknown names.
    pub fn read(input: Value, names: &[&str]) -> Self {
        let given = match input {
            Value::Object(given) => given,
            other => {
                let wanted = format!("object with {}", list(names));
                return Self { given: Map::new(), wrong: vec![Violation::of(&wanted, &other)] };
            }
        };
        let unknown = given.keys().filter(|name| !names.contains(&name.as_str()));
        let wrong = unknown.map(|name| Violation::unknown(std::slice::from_ref(name), "arguments", names)).collect();
        Self { given, wrong }
    }

    /// Reads one argument. Returns `None` if anything is wrong with it; further arguments are still checked.
    pub fn take<T>(&mut self, name: &str, decode: impl FnOnce(Value) -> Result<T, Vec<Violation>>) -> Option<T> {
        // An absent argument is read as null, which suits optional ones.
        let absent = !self.given.contains_key(name);
        let value = self.given.remove(name).unwrap_or_default();
        match decode(value) {
            Ok(value) => Some(value),
            Err(wrong) if absent => {
                let no_object = self.wrong.iter().any(|wrong| wrong.pointer.is_empty());
                if !no_object {
                    let wanted = wrong.first().map_or("a value", |wrong| &wrong.expected);
                    self.wrong.push(Violation::new(&[name.to_owned()], wanted, "nothing: the argument is missing"));
                }
                None
            }
            Err(wrong) => {
                self.wrong.extend(wrong.into_iter().map(|wrong| wrong.under(name)));
                None
            }
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// Returns everything that was wrong.
    pub fn finish(self) -> Result<(), Vec<Violation>> {
        if self.wrong.is_empty() { Ok(()) } else { Err(self.wrong) }
    }
}

/// Unwraps a value after [`Arguments::finish`] has succeeded.
///
/// # Errors
///
/// Never in that case.
pub fn taken<T>(value: Option<T>) -> Result<T, Vec<Violation>> {
    value.ok_or_else(Vec::new)
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(input: Value) -> Vec<String> {
        let mut arguments = Arguments::read(input, &["count", "text"]);
        arguments.take("count", crate::contract::decode::<u8>);
        arguments.take("text", crate::contract::decode::<Option<String>>);
        let wrong = arguments.finish().err().unwrap_or_default();
        wrong.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn everything_wrong_is_told_with_its_pointer() {
        assert_eq!(wrong(json!({ "count": 3 })), [] as [&str; 0]);
        let both = wrong(json!({ "count": 300, "text": 1, "cuont": 2 }));
        assert_eq!(both.len(), 3);
        assert!(
            both[0].starts_with("at `/cuont`")
                && both[0].ends_with("did you mean `count`?")
                && both[1].starts_with("at `/count`")
                && both[2].starts_with("at `/text`"),
            "{both:?}"
        );
        assert_eq!(wrong(json!({})).len(), 1);
        assert_eq!(wrong(json!([1])).len(), 1);
    }
}
