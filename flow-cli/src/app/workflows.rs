//! Looks up workflows by name.

use flow_runtime::engine::AnyWorkflow;
use flow_runtime::graph::Meta;

use super::failure::Failure;

/// The workflows of a program, in the order they were added.
#[derive(Default)]
pub(super) struct Workflows(Vec<AnyWorkflow>);

impl Workflows {
    pub(super) fn add(&mut self, workflow: AnyWorkflow) {
        self.0.push(workflow);
    }

    pub(super) fn metas(&self) -> Vec<&'static Meta> {
        self.0.iter().map(AnyWorkflow::meta).collect()
    }

    pub(super) fn all(&self) -> &[AnyWorkflow] {
        &self.0
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.metas().iter().map(|meta| format!("`{}`", meta.name)).collect();
        names.join(", ")
    }

    /// The named workflow, or the only one if no name is given.
    pub(super) fn find(&self, name: Option<&str>) -> Result<&AnyWorkflow, Failure> {
        let workflow = match (name, &self.0[..]) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(name), all) => all.iter().find(|workflow| workflow.meta().name == name),
        };
        workflow.ok_or_else(|| {
            let wrong = name.map_or("name a workflow".to_owned(), |name| format!("unknown workflow `{name}`"));
            Failure::refused(format!("{wrong}; this program has {}", self.names()))
        })
    }

    /// A workflow or one of its steps. If the program has only one workflow, a single name may also name a step.
    pub(super) fn part(&self, workflow: Option<&str>, step: Option<&str>) -> Result<&'static Meta, Failure> {
        let (workflow, step) = match (workflow, step, &self.0[..]) {
            (Some(name), None, [only]) if only.meta().name != name => (None, Some(name)),
            (workflow, step, _) => (workflow, step),
        };
        let meta = self.find(workflow)?.meta();
        let Some(step) = step else { return Ok(meta) };
        let parts = meta.reachable();
        parts.iter().find(|part| part.name == step).copied().ok_or_else(|| {
            let names: Vec<_> = parts.iter().skip(1).map(|part| format!("`{}`", part.name)).collect();
            Failure::refused(format!(
                "workflow `{}` has no step `{step}`; its steps are {}",
                meta.name,
                names.join(", ")
            ))
        })
    }

    pub(super) fn refuse_twins(&self) -> Result<(), Failure> {
        let mut names: Vec<_> = self.metas().iter().map(|meta| meta.name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Failure::refused(format!("this program has two workflows named `{}`", pair[0]))),
            None => Ok(()),
        }
    }
}
