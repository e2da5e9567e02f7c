//! Prompts use only existing arguments, and every argument is used.

use super::names::quoted;
use crate::errors::Errors;
use crate::model::{Argument, Kind, PromptSource, Reads, Step, plain};
use crate::page;
use crate::template::{Analysis, Names, analyse};

/// Reports what can be told without types: unknown variables, syntax errors and unused arguments.
pub(crate) fn prompt(step: &Step, errors: &mut Errors) -> Reads {
    let names: Vec<String> = step.function.data().map(|(_, argument)| argument.plain()).collect();
    let names = Names { arguments: &names, states: &states(step) };
    let options = &step.options.prompt;
    let system = options.system.as_ref().and_then(|source| read("system prompt", step, source, names, errors));
    let prompt = options.prompt.as_ref().and_then(|source| read(step.text_name(), step, source, names, errors));
    let mut open = Vec::new();
    if step.kind == Kind::Model && is_read(options.prompt.as_ref()) && !is_empty(step, errors) {
        let unread = unread(step, names.arguments, [system.as_ref(), prompt.as_ref()]);
        if is_constant(options.prompt.as_ref()) || is_constant(options.system.as_ref()) {
            open = unread;
        } else {
            for (position, message) in unread {
                errors.at(page::PROMPT_UNUSED, &step.function.arguments[position].name, message);
            }
        }
    }
    let uses = |analysis: Option<Analysis>| analysis.map_or(Vec::new(), |analysis| analysis.uses);
    Reads { system: uses(system), prompt: uses(prompt), open }
}

/// Whether the text is known at compile time, to the macro or in constant evaluation.
fn is_read(source: Option<&PromptSource>) -> bool {
    matches!(source, Some(PromptSource::Template { .. })) || is_constant(source)
}

fn is_constant(source: Option<&PromptSource>) -> bool {
    matches!(source, Some(PromptSource::Constant(_)))
}

/// Reports an empty prompt: a model that is asked nothing makes something up.
fn is_empty(step: &Step, errors: &mut Errors) -> bool {
    let Some(source @ PromptSource::Template { text, .. }) = &step.options.prompt.prompt else { return false };
    let is_empty = text.value().chars().all(|letter| letter.is_whitespace() || letter == '\u{feff}');
    if is_empty {
        let message = format!(
            "the prompt of model step `{}`{} is empty: write what the model should do",
            step.function.name(),
            source.place()
        );
        errors.push(page::STEP_KIND, syn::Error::new(text.span(), message));
    }
    is_empty
}

fn states(step: &Step) -> Vec<String> {
    let states = step.function.arguments.iter().filter(|argument| argument.state);
    states.map(Argument::plain).collect()
}

fn read(what: &str, step: &Step, source: &PromptSource, names: Names<'_>, errors: &mut Errors) -> Option<Analysis> {
    let PromptSource::Template { text, .. } = source else { return None };
    let analysis = analyse(&text.value(), names);
    for error in &analysis.errors {
        let message = format!("{what} of step `{}`{}: {error}", step.function.name(), source.place());
        errors.push(error.page, syn::Error::new(text.span(), message));
    }
    Some(analysis)
}

/// The positions of the arguments that no template or gate of the step uses, each with its message.
fn unread(step: &Step, names: &[String], analyses: [Option<&Analysis>; 2]) -> Vec<(usize, String)> {
    let in_gates: Vec<String> = step.options.gates.iter().flat_map(|gate| &gate.arguments).map(plain).collect();
    let bound = step.options.tools.iter().flat_map(|tool| &tool.bound);
    let in_tools: Vec<String> = bound.map(|bound| plain(&bound.path[0])).collect();
    let nobody = |name: &String| {
        let unread = analyses.iter().flatten().all(|analysis| analysis.unused(names).contains(name));
        unread && !in_gates.contains(name) && !in_tools.contains(name)
    };
    let lost = step.function.data().zip(names).filter(|(_, name)| nobody(name));
    let text = |name: &String| {
        format!(
            "no prompt or gate of model step `{}` uses the argument {}: add `{{{{ {name} }}}}` where the model should see it, or remove the argument",
            step.function.name(),
            quoted(std::slice::from_ref(name)),
        )
    };
    lost.map(|((position, _), name)| (position, text(name))).collect()
}
