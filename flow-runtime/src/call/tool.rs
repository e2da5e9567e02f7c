//! Steps and workflows as tools of a model: called by name, with arguments from JSON.

use std::future::Future;
use std::marker::PhantomData;

use serde_json::Value;

use super::{Answer, AsTool, Call, Function, Json, StepFn, ToolCall, known};
use crate::call::Cx;
use crate::contract::Violation;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Bound, MetaPtr, State, Tool};
use crate::media::{Medium, detached, marked};
use crate::place::NodeId;
use crate::prompt::{Content, Part};

/// A function that a model may call.
#[derive(Clone, Copy, Debug)]
pub struct Callable {
    /// The step or workflow.
    pub step: MetaPtr,
    /// The states that it takes from the runtime.
    pub states: &'static [State],
    /// How it is called.
    pub call: AsTool,
}

/// The answer: a step of a call, as a tool.
#[derive(Debug)]
pub struct IsTool<C>(PhantomData<fn() -> C>);

impl<C: Call> Answer for IsTool<C> {
    type Value = Option<Callable>;
    const VALUE: Option<Callable> = Some(Callable { step: C::META, states: C::STATES, call: C::TOOL });
}

impl<A, F: StepFn<A>> Function<F, A> {
    /// It can be a tool.
    pub fn tool(self) -> IsTool<F::Call> {
        IsTool(PhantomData)
    }
}

/// The fallback for a function that is neither a step nor a workflow.
pub trait NoTool: Sized {
    /// It cannot be a tool.
    fn tool(self) -> NotCallable {
        NotCallable
    }
}

// By reference, so that it is found last.
impl<F> NoTool for &Function<F, ()> {}

/// The answer: not a tool.
#[derive(Debug)]
pub struct NotCallable;

impl Answer for NotCallable {
    type Value = Option<Callable>;
    const VALUE: Option<Callable> = None;
}

/// A tool of a model step, as its description lists it. A function that cannot be a tool is reported elsewhere.
pub const fn tool(callable: Option<Callable>, id: Option<&'static str>, bound: &'static [Bound]) -> Tool {
    let (step, states): (_, &'static [State]) = match callable {
        Some(callable) => (callable.step, callable.states),
        None => (known(None), &[]),
    };
    Tool { step, states, id, bound }
}

/// The step behind an approver. A function that cannot approve is reported elsewhere.
pub const fn approver(callable: Option<Callable>) -> MetaPtr {
    match callable {
        Some(callable) => callable.step,
        None => known(None),
    }
}

/// Calls a tool or an approver, if that is possible.
pub const fn tool_call(callable: Option<Callable>) -> Option<ToolCall> {
    match callable {
        Some(Callable { call: AsTool::By(call), .. }) => Some(call),
        _ => None,
    }
}

/// Why a step cannot be a tool or an approver, unless that is reported elsewhere.
pub const fn never_tool(callable: Option<Callable>) -> Option<&'static str> {
    match callable {
        Some(Callable { call: AsTool::Never(reason), .. }) => Some(reason),
        _ => None,
    }
}

/// What a tool returned, as a model reads it.
#[derive(Clone, Debug)]
pub struct ToolOutput {
    /// The output, with a reference in words in the place of each attachment.
    pub(crate) value: Value,
    /// The attachments, in the order of their references.
    media: Vec<Medium>,
}

impl ToolOutput {
    fn of<T>(output: &T, json: &Json<T>) -> Result<Self> {
        let (value, media) = marked(reference, || (json.encode)(output));
        Ok(Self { value: value?, media })
    }

    /// The output as it was recorded.
    pub(crate) fn recorded(output: Value) -> Self {
        let (value, media) = detached(output, reference);
        Self { value, media }
    }

    /// The text of the output, and its attachments after it.
    pub(crate) fn into_content(self) -> Content {
        let text = match self.value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        [Part::text(text)].into_iter().chain(self.media.iter().map(Part::media)).collect()
    }
}

/// How the text refers to an attachment, by its index.
fn reference(index: usize) -> String {
    format!("[attachment {}]", index + 1)
}

/// Runs a call as a tool.
#[allow(clippy::manual_async_fn, reason = "it says that the future is `Send`")]
pub fn run_tool<'c, C: Call + 'c>(
    call: C,
    output: Json<C::Ok>,
    cx: &'c Cx<'c>,
    node: NodeId,
) -> impl Future<Output = Result<ToolOutput>> + Send
where
    C::Ok: Send,
{
    async move { ToolOutput::of(&call.__inner().__at(cx, node).await?, &output) }
}

/// The error of arguments that break the contract of a tool.
#[cold]
pub fn misfit(violations: Vec<Violation>) -> Error {
    let told: Vec<_> = violations.iter().map(ToString::to_string).collect();
    let text = format!("the arguments break the contract: {}", told.join("; "));
    Error::new(ErrorKind::ContractViolated { violations, answer: String::new() }, text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::{decode, encode};
    use crate::media::{Image, recorded};

    type Photos = (String, Vec<Image>, Option<Image>);

    const JSON: Json<Photos> = Json { encode, decode };

    /// Two pictures in memory, one of them twice, and the content that a model reads.
    fn photos(last: &[u8]) -> (Photos, Content) {
        let photo = |end: &[u8]| Image::bytes(None, [b"GIF89a", end].concat()).unwrap();
        let photos = ("two".to_owned(), vec![photo(b"one"), photo(last), photo(b"one")], None);
        let text = r#"["two",["[attachment 1]","[attachment 2]","[attachment 1]"],null]"#;
        let content = vec![Part::text(text), (&photos.1[0]).into(), (&photos.1[1]).into()];
        (photos, content.into())
    }

    #[test]
    fn a_model_reads_attachments_after_the_text() {
        let (photos, content) = photos(b"two");
        assert_eq!(ToolOutput::of(&photos, &JSON).unwrap().into_content(), content);
        let photo = Image::url("https://a.example/b.png").unwrap();
        let alone = ToolOutput::of(&photo, &Json { encode, decode }).unwrap().into_content();
        assert_eq!(alone, Content::from(vec![Part::text("[attachment 1]"), (&photo).into()]));
    }

    #[test]
    fn a_recorded_output_reads_the_same() {
        let (photos, content) = photos(b"recorded");
        let (output, _) = recorded(|| encode(&photos).unwrap());
        assert!(output.to_string().contains("sha256:"));
        assert_eq!(ToolOutput::recorded(output.clone()).into_content(), content);
        let read: Photos = recorded(|| decode(output).unwrap()).0;
        assert_eq!(ToolOutput::of(&read, &JSON).unwrap().into_content(), content);
    }

    #[test]
    fn other_outputs_are_text() {
        let form = json!({"media_type": "image/gif", "data": "R0lGODlhAQABAAAAADs="});
        assert_eq!(ToolOutput::recorded(form.clone()).into_content(), form.to_string().as_str());
        assert_eq!(ToolOutput::recorded(json!("a")).into_content(), "a");
    }
}
