//! Which providers the environment names.

use std::fmt;

/// Looks a variable of the environment up.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The environment does not say how to reach a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromEnvError {
    lack: String,
    way_out: &'static str,
}

impl FromEnvError {
    pub(super) fn neither(key: &str, base_url: &str) -> Self {
        Self {
            lack: format!("neither {key} nor {base_url} is set"),
            way_out: "set the key, or the address of a server that speaks the same language, for example http://127.0.0.1:8080/v1",
        }
    }

    /// What is missing, without the way out.
    pub fn lack(&self) -> &str {
        &self.lack
    }
}

/// A variable that is not blank.
pub(super) fn text(variables: Variables<'_>, name: &str) -> Option<String> {
    variables(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl fmt::Display for FromEnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.lack, self.way_out)
    }
}

impl std::error::Error for FromEnvError {}
