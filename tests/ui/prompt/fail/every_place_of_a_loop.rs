// Loop variables, `loop`, nested loops, `set` and paths after `items` are checked like arguments.
// errors: 5
use flow::prelude::*;
use std::collections::BTreeMap;

const FAST: Model = Model::new("openai/fast");

#[contract]
pub struct Job {
    title: String,
    tasks: Vec<Task>,
}

#[contract]
pub struct Task {
    name: String,
}

#[step(model = FAST, prompt = "{% for job in jobs %}{{ job.titel }}{% for task in job.tasks %}{{ task.nmae }}{% endfor %}{% endfor %}")]
async fn nested(jobs: Vec<Job>) -> Result<String>;

#[step(model = FAST, prompt = "{% for job in jobs %}{{ loop.indx }}: {{ job.title }}{% endfor %}")]
async fn numbered(jobs: Vec<Job>) -> Result<String>;

#[step(model = FAST, prompt = "{% set all = jobs %}{% for job in all %}{{ job.name }}{% endfor %}")]
async fn renamed(jobs: Vec<Job>) -> Result<String>;

#[step(model = FAST, prompt = "{% for name, job in jobs|items %}{{ name }}: {{ job.titel }}{% endfor %}")]
async fn paired(jobs: BTreeMap<String, Job>) -> Result<String>;

#[step(model = FAST, prompt = "{{ jobs|map(attribute='titel')|join(', ') }}")]
async fn mapped(jobs: Vec<Job>) -> Result<String>;

fn main() {}
