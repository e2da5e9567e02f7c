//! The arguments of a workflow, read from JSON by name; everything wrong with them is told at once.

use serde_json::{Map, Value};

use crate::contract::Violation;

/// An object of arguments that is being read.
#[derive(Debug)]
pub struct Arguments {
    given: Map<String, Value>,
    wrong: Vec<Violation>,
}

impl Arguments {
    /// Starts with the input; what is no object, and what nobody asks for, is wrong already.
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

    /// Reads one argument. `None` once anything was wrong; the rest is still looked at.
    pub fn take<T>(&mut self, name: &str, decode: impl FnOnce(Value) -> Result<T, Vec<Violation>>) -> Option<T> {
        // An absent argument reads as null, which is right for an optional one.
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
    /// Everything that was wrong.
    pub fn finish(self) -> Result<(), Vec<Violation>> {
        if self.wrong.is_empty() { Ok(()) } else { Err(self.wrong) }
    }
}

/// A value that was read, after [`Arguments::finish`] has found nothing wrong.
///
/// # Errors
///
/// None then.
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
