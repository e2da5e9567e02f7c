//! The graph as a mermaid flowchart.

use std::fmt::Write;

use super::{Block, Edge, Ending, Graph, Kind, Leave, Meta, Node, Op, Source};

pub(super) fn render(meta: &'static Meta) -> String {
    let Some(graph) = meta.graph else { return String::new() };
    let mut chart = Chart::new(graph);
    let inputs: Vec<_> = meta.arguments.iter().map(|argument| argument.name).collect();
    chart.line(&format!("start([\"{}\"])", escape(&format!("{}({})", meta.name, inputs.join(", ")))));
    chart.open(Frame { is_function: true, ..Frame::default() });
    let mut ends = chart.sequence(vec![Exit { from: "start".into(), label: String::new() }]);
    ends.extend(chart.close().ends);
    chart.end("done", &ends);
    let failed = std::mem::take(&mut chart.failed);
    chart.end("failed", &failed);
    graph.edges.iter().for_each(|edge| chart.lost(edge));
    chart.text
}

struct Chart {
    graph: &'static Graph,
    text: String,
    blocks: usize,
    at: usize,
    /// The blocks being drawn; the first is the workflow.
    frames: Vec<Frame>,
    /// The arrows that end the workflow with an error.
    failed: Vec<Exit>,
}

/// A block being drawn.
#[derive(Default)]
struct Frame {
    head: String,
    /// The arrows of `break`, which continue after the block.
    behind: Vec<Exit>,
    is_function: bool,
    /// A branch that fails drops out.
    is_race: bool,
    /// The arrows that end the function.
    ends: Vec<Exit>,
}

/// An arrow that has left its node but not reached another yet.
#[derive(Clone)]
struct Exit {
    from: String,
    label: String,
}

impl Chart {
    fn new(graph: &'static Graph) -> Self {
        let text = String::from("flowchart TD\n");
        Self { graph, text, blocks: 0, at: 0, frames: Vec::new(), failed: Vec::new() }
    }

    /// Draws up to the end of the innermost part and returns the arrows that leave it.
    fn sequence(&mut self, mut open: Vec<Exit>) -> Vec<Exit> {
        while let Some(op) = self.graph.structure.get(self.at).copied() {
            match op {
                Op::Step(node) => {
                    self.at += 1;
                    open = self.step(node, &open);
                }
                Op::Open(block) => {
                    self.at += 1;
                    open = self.block(block, open);
                }
                Op::Leave(leave) => {
                    self.at += 1;
                    self.leave(leave, std::mem::take(&mut open));
                }
                Op::Arm(_) | Op::Close => break,
            }
        }
        open
    }

    fn leave(&mut self, leave: Leave, exits: Vec<Exit>) {
        let around = |blocks: u32| self.frames.len() - 1 - blocks as usize;
        match leave {
            Leave::Break(blocks) => {
                let target = around(blocks);
                self.frames[target].behind.extend(exits);
            }
            Leave::Continue(blocks) => {
                let head = self.frames[around(blocks)].head.clone();
                self.connect(&exits, &head);
            }
            Leave::End(ending) => {
                let function = self.frames.iter().rposition(|frame| frame.is_function).unwrap_or(0);
                match ending {
                    Ending::Error if function == 0 => self.failed.extend(exits),
                    Ending::Error if self.frames[function].is_race => {}
                    _ => self.frames[function].ends.extend(exits),
                }
            }
        }
    }

    fn open(&mut self, frame: Frame) {
        self.frames.push(frame);
    }

    fn close(&mut self) -> Frame {
        self.frames.pop().unwrap_or_default()
    }

    /// Draws an end of the workflow if any arrow leads to it.
    fn end(&mut self, name: &str, ends: &[Exit]) {
        if !ends.is_empty() {
            self.line(&format!("{name}([\"{name}\"])"));
            self.connect(ends, name);
        }
    }

    fn step(&mut self, index: u32, open: &[Exit]) -> Vec<Exit> {
        let name = format!("n{index}");
        let node = &self.graph.nodes[index as usize];
        let (left, right) = brackets(node.step.get().kind);
        self.line(&format!("{name}{left}\"{}\"{right}", escape(&label(node))));
        self.connect(open, &name);
        vec![Exit { from: name, label: String::new() }]
    }

    fn block(&mut self, block: Block, open: Vec<Exit>) -> Vec<Exit> {
        match block {
            Block::Branch { on } => self.branch(on, &open),
            Block::Parallel => self.parallel("at once", false, &open),
            Block::Race { .. } => self.parallel("first that succeeds", true, &open),
            Block::Labelled { .. } => self.labelled(&open),
            Block::Loop { head, bound, ends, .. } => {
                let text = match bound {
                    Some(bound) => format!("{head}<br/>at most {bound} rounds"),
                    None => head.to_owned(),
                };
                self.repeat(&text, &open, ends)
            }
            Block::Map { over, bound, concurrency, .. } => {
                let most = bound.map_or(String::new(), |bound| format!("at most {bound} items, "));
                self.map(&format!("map {over}<br/>{most}{concurrency} at once"), &open)
            }
        }
    }

    fn branch(&mut self, on: &str, open: &[Exit]) -> Vec<Exit> {
        let name = self.block_name();
        self.line(&format!("{name}{{\"{}\"}}", escape(on)));
        self.connect(open, &name);
        self.open(Frame { head: name.clone(), ..Frame::default() });
        let mut ends = self.parts(|label| vec![Exit { from: name.clone(), label: label.to_owned() }]);
        ends.extend(self.close().behind);
        ends
    }

    fn labelled(&mut self, open: &[Exit]) -> Vec<Exit> {
        self.open(Frame::default());
        let mut ends = self.parts(|_| open.to_vec());
        ends.extend(self.close().behind);
        ends
    }

    fn parallel(&mut self, text: &str, is_race: bool, open: &[Exit]) -> Vec<Exit> {
        let name = self.block_name();
        self.line(&format!("{name}[/\"{text}\"\\]"));
        self.connect(open, &name);
        self.open(Frame { is_function: true, is_race, ..Frame::default() });
        let mut ends = self.parts(|label| vec![Exit { from: name.clone(), label: label.to_owned() }]);
        ends.extend(self.close().ends);
        ends
    }

    /// The body starts after the condition and leads back to the head. Paths that leave after the condition are done.
    fn repeat(&mut self, text: &str, open: &[Exit], ends: bool) -> Vec<Exit> {
        let name = self.repeated(text, open);
        self.open(Frame { head: name.clone(), ..Frame::default() });
        self.at += 1;
        let asked = self.sequence(vec![Exit { from: name.clone(), label: "again".into() }]);
        let done = |exit: &Exit| Exit { label: "done".into(), ..exit.clone() };
        let mut exits: Vec<_> = if ends { asked.iter().map(done).collect() } else { Vec::new() };
        self.at += 1;
        let body = self.sequence(asked);
        self.at += 1;
        self.connect(&body, &name);
        exits.extend(self.close().behind);
        exits
    }

    /// Each item starts at the head and leads back to it.
    fn map(&mut self, text: &str, open: &[Exit]) -> Vec<Exit> {
        let name = self.repeated(text, open);
        self.open(Frame { is_function: true, ..Frame::default() });
        let mut ends = self.parts(|label| vec![Exit { from: name.clone(), label: label.to_owned() }]);
        ends.extend(self.close().ends);
        self.connect(&ends, &name);
        vec![Exit { from: name, label: "done".into() }]
    }

    /// Draws the head of a loop or map.
    fn repeated(&mut self, text: &str, open: &[Exit]) -> String {
        let name = self.block_name();
        self.line(&format!("{name}{{{{\"{}\"}}}}", escape(text)));
        self.connect(open, &name);
        name
    }

    fn parts(&mut self, enter: impl Fn(&str) -> Vec<Exit>) -> Vec<Exit> {
        let mut ends = Vec::new();
        while let Some(Op::Arm(label)) = self.graph.structure.get(self.at).copied() {
            self.at += 1;
            ends.extend(self.sequence(enter(label)));
        }
        self.at += 1;
        ends
    }

    /// A value whose origin is lost, as a comment, because no arrow can show it.
    fn lost(&mut self, edge: &Edge) {
        let Source::Lost(loss) = edge.from else { return };
        let to = &self.graph.nodes[edge.to as usize];
        let argument = to.step.get().argument(edge.position).map_or("", |argument| argument.name);
        let code = loss.code.replace('\n', " ");
        self.line(&format!("%% lost: where `{argument}` of `{}` comes from, in line {}: {code}", to.id(), loss.line));
    }

    fn block_name(&mut self) -> String {
        self.blocks += 1;
        format!("b{}", self.blocks)
    }

    fn connect(&mut self, exits: &[Exit], to: &str) {
        for Exit { from, label } in exits {
            match label.as_str() {
                "" => self.line(&format!("{from} --> {to}")),
                label => self.line(&format!("{from} -- \"{}\" --> {to}", escape(label))),
            }
        }
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "    {line}");
    }
}

fn brackets(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Code => ("[", "]"),
        Kind::Model => ("([", "])"),
        Kind::Human => ("[/", "/]"),
        Kind::Signal => (">", "]"),
        Kind::Mcp => ("[\\", "\\]"),
        Kind::Timer => ("((", "))"),
        Kind::Undo => ("{{", "}}"),
        Kind::Workflow => ("[[", "]]"),
    }
}

fn label(node: &Node) -> String {
    let meta = node.step.get();
    let mut text = node.id().to_string();
    let models: Vec<_> = match node.model {
        Some(model) => vec![model.id()],
        None => meta.policy.models.iter().map(|model| model.id()).collect(),
    };
    let kind = match meta.kind {
        Kind::Model => models.join(", then "),
        Kind::Human => "a person".into(),
        Kind::Signal => "a signal".into(),
        Kind::Mcp => meta.policy.mcp.map_or_else(String::new, |tool| format!("tool {tool}")),
        Kind::Timer => "waits".into(),
        Kind::Undo => "undoes the finished steps".into(),
        Kind::Workflow => "workflow".into(),
        Kind::Code => String::new(),
    };
    if !kind.is_empty() {
        let _ = write!(text, "<br/>{kind}");
    }
    for line in meta.policy.facts().into_iter().flat_map(|fact| fact.drawn) {
        let _ = write!(text, "<br/>{line}");
    }
    text
}

/// Escapes labels for mermaid, which reads entities in them; our own line breaks are kept.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace("&lt;br/&gt;", "<br/>")
}
