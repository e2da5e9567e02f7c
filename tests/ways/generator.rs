//! Workflows nobody thought of: the source of `generated.rs`, by seed.

use std::fmt::Write;

/// How many workflows there are.
const WORKFLOWS: u64 = 48;

/// The file.
pub(crate) fn file() -> String {
    let mut text = String::from(
        "//! Made by `generator.rs`: `FLOW_REGENERATE=1 cargo test --test ways` writes it anew.\n\n\
         #![allow(clippy::all, clippy::pedantic, unused, reason = \"nobody wrote it\")]\n\n\
         use flow::prelude::*;\n\nuse super::script::{INSIDE, LEFT, Script, ask, inner, may, work};\n",
    );
    let mut table = String::new();
    for seed in 0..WORKFLOWS {
        let mut writer = Writer::new(seed);
        writer.function();
        let (source, tight, exact) = (&writer.text, !writer.cancels, !writer.cancels && !writer.skips);
        let _ = write!(
            text,
            "\n#[workflow]\npub(super) async fn w{seed}(#[state] script: &Script) -> Result<u32> {source}\n"
        );
        let _ = writeln!(table, "        w{seed}: {tight} {exact},");
    }
    let _ = write!(
        text,
        "\n/// Each workflow, whether its bound can be reached, and whether each of its arrows can be taken.\nmacro_rules! each {{\n    ($run:ident) => {{ $run! {{\n{table}    }} }};\n}}\npub(super) use each;\n"
    );
    text
}

/// A workflow that is being written.
struct Writer {
    random: u64,
    text: String,
    depth: usize,
    /// The loops and blocks around, the innermost last: the label, and whether it is a loop.
    around: Vec<(String, bool)>,
    labels: usize,
    /// How many steps there may still be.
    left: usize,
    /// In the closure of a map, or a branch of a join.
    inside: bool,
    /// A decision hangs on another one, or steps run at once, so that not each arrow can be taken.
    skips: bool,
    /// One that fails ends others before they have come to their ends.
    cancels: bool,
}

impl Writer {
    fn new(seed: u64) -> Self {
        let random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x2545_F491_4F6C_DD1D;
        let (text, around) = (String::new(), Vec::new());
        Self { random, text, depth: 0, around, labels: 0, left: 14, inside: false, skips: false, cancels: false }
    }

    fn below(&mut self, most: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) % most
    }

    fn line(&mut self, line: &str) {
        let indent = "    ".repeat(self.depth);
        let _ = writeln!(self.text, "{indent}{line}");
    }

    /// The body of a workflow, a closure or an `async` block, with its braces.
    fn function(&mut self) {
        self.text.push_str("{\n");
        self.depth += 1;
        // What no way ends with says of which type it would be.
        if !self.statements(3) || self.inside {
            self.tail(2);
        }
        self.depth -= 1;
        self.text.push_str(&"    ".repeat(self.depth));
        self.text.push('}');
    }

    /// Some statements; whether control leaves with the last.
    fn statements(&mut self, most: u64) -> bool {
        for _ in 0..1 + self.below(most) {
            if self.statement() {
                return true;
            }
        }
        false
    }

    fn block(&mut self) -> bool {
        self.depth += 1;
        let left = self.statements(3);
        self.depth -= 1;
        left
    }

    /// `head { … }`, one after the other.
    fn parts(&mut self, heads: &[&str]) -> bool {
        let mut all = true;
        for head in heads {
            self.line(&format!("{head} {{"));
            all &= self.block();
            self.line("}");
        }
        all
    }

    fn statement(&mut self) -> bool {
        if self.left == 0 || self.depth > 5 {
            return self.leave();
        }
        self.left -= 1;
        match self.below(19) {
            0..=2 => self.line("work().await?;"),
            3 => self.line("may(script).await?;"),
            4 => self.line("inner().await?;"),
            5 => {
                self.parts(&["if script.flag()"]);
            }
            6 => return self.parts(&["if script.flag()", "else"]),
            7 => return self.parts(&["if ask(script).await?", "else"]),
            8 => {
                self.line("match may(script).await {");
                self.depth += 1;
                let all = self.parts(&["Ok(_) =>", "Err(_) =>"]);
                self.depth -= 1;
                self.line("}");
                return all;
            }
            9 => {
                self.parts(&["if let Err(_) = may(script).await"]);
            }
            10 => {
                self.line("let Ok(_) = may(script).await else {");
                self.depth += 1;
                self.line("work().await?;");
                self.end();
                self.depth -= 1;
                self.line("};");
            }
            11 => {
                self.skips = true;
                let word = ["&&", "||"][self.below(2) as usize];
                self.parts(&[&format!("if script.flag() {word} ask(script).await?")]);
            }
            12 => self.labelled(),
            13 => self.search(),
            14 if !self.inside => self.join(),
            15 if !self.inside => self.map(),
            _ => self.repeat(),
        }
        false
    }

    fn label(&mut self) -> String {
        self.labels += 1;
        format!("'l{}", self.labels)
    }

    fn labelled(&mut self) {
        let label = self.label();
        self.around.push((label.clone(), false));
        self.line(&format!("{label}: {{"));
        self.block();
        self.line("}");
        self.around.pop();
    }

    /// A loop without steps.
    fn search(&mut self) {
        let (label, word) = (self.label(), ["for _ in 0..3", "while script.flag()"][self.below(2) as usize]);
        self.around.push((label.clone(), true));
        self.line(&format!("{label}: {word} {{"));
        self.depth += 1;
        self.line("if script.flag() {");
        self.depth += 1;
        match self.below(4) {
            0 => self.line("return Ok(3);"),
            1 => {
                let left = self.left_with();
                self.line(&format!("flow::bail!(\"{{{left}}}\");"));
            }
            _ => self.jump(),
        }
        self.depth -= 1;
        self.line("}");
        self.depth -= 1;
        self.line("}");
        self.around.pop();
    }

    fn repeat(&mut self) {
        let label = self.label();
        let bound = if self.below(2) == 0 { "#[bound(2, break)]" } else { "#[bound(2)]" };
        let head = match self.below(4) {
            0 => format!("{label}: for _ in 0..2 {{"),
            1 => format!("{bound}\n{label}: while script.flag() {{"),
            2 => format!("{bound}\n{label}: while ask(script).await? {{"),
            _ => format!("{bound}\n{label}: loop {{"),
        };
        self.around.push((label, true));
        head.lines().for_each(|line| self.line(line));
        self.depth += 1;
        self.line("work().await?;");
        self.depth -= 1;
        self.block();
        self.line("}");
        self.around.pop();
    }

    fn join(&mut self) {
        let begins = [&["let _ = join!(async ", ", async "], &["try_join!(async ", ", async "]];
        let kind = self.below(3).min(1) as usize;
        self.inner(begins[1 - kind], [")?;", ");"][kind]);
        self.cancels |= kind == 0;
    }

    fn map(&mut self) {
        let end = self.below(4) as usize;
        let ends = [").bound(2).await?;", ").bound(2).await.is_ok();", ").bound(2).settle().await?;"];
        self.inner(&["map(vec![1, 2], async |_n: u32| "], ends[end.min(2)]);
        self.cancels |= end < 2;
    }

    fn inner(&mut self, begins: &[&str], end: &str) {
        let around = std::mem::take(&mut self.around);
        (self.inside, self.skips) = (true, true);
        let indent = "    ".repeat(self.depth);
        self.text.push_str(&indent);
        for begin in begins {
            self.text.push_str(begin);
            self.function();
        }
        let _ = writeln!(self.text, "{end}");
        self.inside = false;
        self.around = around;
    }

    /// Control leaves, or goes on.
    fn leave(&mut self) -> bool {
        match self.below(6) {
            0 => {
                self.line("work().await?;");
                return false;
            }
            1 => self.end(),
            _ if self.around.is_empty() => self.end(),
            _ => self.jump(),
        }
        true
    }

    /// To somewhere around.
    fn jump(&mut self) {
        let at = self.below(self.around.len() as u64) as usize;
        let (label, is_loop) = self.around[at].clone();
        let is_innermost = at + 1 == self.around.len();
        let word = if is_loop && self.below(2) == 0 { "continue" } else { "break" };
        let label = if is_innermost && is_loop { String::new() } else { format!(" {label}") };
        self.line(&format!("{word}{label};"));
    }

    /// The failure of the workflow is told from that of an item or a branch.
    fn left_with(&self) -> &'static str {
        if self.inside { "INSIDE" } else { "LEFT" }
    }

    /// The function ends.
    fn end(&mut self) {
        let left = self.left_with();
        let line = match self.below(5) {
            0 => format!("return Err::<u32, flow::Error>(flow::Error::terminal({left}));"),
            1 => format!("flow::bail!(\"{{{left}}}\");"),
            2 => "return work().await;".to_owned(),
            3 => format!("return if script.flag() {{ Ok(4) }} else {{ flow::bail!(\"{{{left}}}\") }};"),
            _ => "return Ok(3);".to_owned(),
        };
        self.line(&line);
    }

    /// The result of the function.
    fn tail(&mut self, deep: usize) {
        match self.below(6) {
            0 if deep > 0 => self.tails("if script.flag() {", "} else {", "}", deep),
            1 if deep > 0 => {
                self.tails("match may(script).await { Ok(_) => {", "} Err(_) => {", "} }", deep);
            }
            2 => self.line("work().await"),
            3 => {
                let left = self.left_with();
                self.line(&format!("Err::<u32, flow::Error>(flow::Error::terminal({left}))"));
            }
            _ => self.line("Ok(2)"),
        }
    }

    fn tails(&mut self, begin: &str, middle: &str, end: &str, deep: usize) {
        for head in [begin, middle] {
            self.line(head);
            self.depth += 1;
            self.tail(deep - 1);
            self.depth -= 1;
        }
        self.line(end);
    }
}
