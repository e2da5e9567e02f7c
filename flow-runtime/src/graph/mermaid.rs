//! The graph as a mermaid flowchart.

use std::fmt::Write;

use super::{Block, Edge, Effect, Graph, Kind, Meta, Node, Op, Source};

pub(super) fn render(meta: &'static Meta) -> String {
    let Some(graph) = meta.graph else { return String::new() };
    let mut chart = Chart { graph, text: String::from("flowchart TD\n"), blocks: 0, at: 0 };
    let inputs: Vec<_> = meta.arguments.iter().map(|argument| argument.name).collect();
    chart.line(&format!("start([\"{}\"])", escape(&format!("{}({})", meta.name, inputs.join(", ")))));
    let ends = chart.sequence(vec![Exit { from: "start".into(), label: String::new() }]);
    chart.line("done([\"done\"])");
    chart.connect(&ends, "done");
    graph.edges.iter().for_each(|edge| chart.lost(edge));
    chart.text
}

struct Chart {
    graph: &'static Graph,
    text: String,
    blocks: usize,
    at: usize,
}

/// An arrow that has left its node and not yet reached another.
#[derive(Clone)]
struct Exit {
    from: String,
    label: String,
}

impl Chart {
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
                Op::Arm(_) | Op::Close => break,
            }
        }
        open
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
            Block::Parallel => self.parallel(&open),
            Block::Loop { head, bound, .. } => {
                let text = match bound {
                    Some(bound) => format!("{head}<br/>at most {bound} turns"),
                    None => head.to_owned(),
                };
                self.repeat(&text, "again", &open)
            }
            Block::Map { over, bound, concurrency, .. } => {
                let most = bound.map_or(String::new(), |bound| format!("at most {bound} items, "));
                self.repeat(&format!("map {over}<br/>{most}{concurrency} at once"), "each", &open)
            }
        }
    }

    fn branch(&mut self, on: &str, open: &[Exit]) -> Vec<Exit> {
        let name = self.block_name();
        self.line(&format!("{name}{{\"{}\"}}", escape(on)));
        self.connect(open, &name);
        self.parts(|label| vec![Exit { from: name.clone(), label: label.to_owned() }])
    }

    fn parallel(&mut self, open: &[Exit]) -> Vec<Exit> {
        let name = self.block_name();
        self.line(&format!("{name}[/\"at once\"\\]"));
        self.connect(open, &name);
        self.parts(|label| vec![Exit { from: name.clone(), label: label.to_owned() }])
    }

    /// A loop or a map: the body starts at the head and leads back to it.
    fn repeat(&mut self, text: &str, enter: &str, open: &[Exit]) -> Vec<Exit> {
        let name = self.block_name();
        self.line(&format!("{name}{{{{\"{}\"}}}}", escape(text)));
        self.connect(open, &name);
        let mut start = Some(Exit { from: name.clone(), label: enter.to_owned() });
        let mut reached = Vec::new();
        while let Some(Op::Arm(_)) = self.graph.structure.get(self.at) {
            self.at += 1;
            let from = if reached.is_empty() { start.take().into_iter().collect() } else { reached };
            reached = self.sequence(from);
        }
        self.at += 1;
        self.connect(&reached, &name);
        vec![Exit { from: name, label: "done".into() }]
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

    /// A value whose origin is lost, as a comment: no arrow shows it.
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
        Kind::Timer => ("((", "))"),
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
        Kind::Timer => "waits".into(),
        Kind::Workflow => "workflow".into(),
        Kind::Code => String::new(),
    };
    if !kind.is_empty() {
        let _ = write!(text, "<br/>{kind}");
    }
    for gate in meta.policy.gates {
        let _ = write!(text, "<br/>gate {}", gate.name);
    }
    match meta.policy.effect {
        Effect::None => {}
        effect if meta.policy.unreviewed => {
            let _ = write!(text, "<br/>{}, unreviewed", effect.name());
        }
        effect => {
            let _ = write!(text, "<br/>{}", effect.name());
        }
    }
    if let Some(undo) = meta.policy.compensate {
        let _ = write!(text, "<br/>undone by {}", undo.get().name);
    }
    text
}

/// Mermaid reads entities inside quoted labels; the line breaks are ours.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace("&lt;br/&gt;", "<br/>")
}
