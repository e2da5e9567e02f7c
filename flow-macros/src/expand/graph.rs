//! The graph of a workflow as a constant, and its checks.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::names::{concurrency, count, count_name, model_name, node_id, step_name};
use super::tokens::{line, option, spanned, underline, unseen};
use super::{calls, placeholder, strict};
use crate::model::{
    self, Block, CheckedWorkflow, Ending, Leave, Loss, Op, Origin, Passed, Seg, Source, Trace, Workflow,
};
use crate::{page, text};

pub(crate) fn graph(workflow: &CheckedWorkflow) -> TokenStream {
    let nodes = workflow.flow.nodes.iter().enumerate().map(|(index, node)| {
        let step = step_name(index);
        let name = option(node.name.as_ref());
        let ordinal = node.ordinal;
        let model = option(node.options.iter().find_map(|(name, _)| model_name(index, name)));
        let line = line(node.path.span());
        quote! {
            __flow::Node { name: #name, ordinal: #ordinal, step: #step, line: #line, model: #model }
        }
    });
    let structure = workflow.flow.structure.iter().map(|element| op(workflow, element));
    let edges = edges(workflow);
    let output = workflow.flow.output.iter().map(|source| self::source(workflow, *source));
    let steps = option(workflow.max_steps.map(|(most, _)| most));
    let model_calls = option(workflow.max_model_calls.map(|(most, _)| most));
    let output_tokens = option(workflow.max_output_tokens.map(|(most, _)| most));
    let (version, locked) = (workflow.version, workflow.lock.is_some());
    let migrate = option(workflow.migrate.as_ref());
    let cost = option(workflow.max_cost.map(|nanos| quote!(__flow::Money::from_nanos(#nanos))));
    quote! {
        __flow::Graph {
            workflow: __flow::MetaPtr::new(&__META),
            nodes: &[#(#nodes),*],
            edges: &[#(#edges)*],
            structure: &[#(__flow::Op::#structure),*],
            output: &[#(__flow::Source::#output),*],
            limits: __flow::Limits {
                steps: #steps,
                model_calls: #model_calls,
                output_tokens: #output_tokens,
                cost: #cost,
            },
            version: #version,
            migrate: #migrate,
            locked: #locked,
        }
    }
}

fn op(workflow: &Workflow, op: &Op) -> TokenStream {
    match op {
        Op::Step(index) => {
            let index = *index as u32;
            quote!(Step(#index))
        }
        Op::Arm(label) => quote!(Arm(#label)),
        Op::Close => quote!(Close),
        Op::Leave(way) => {
            let way = leave(*way);
            quote!(Leave(__flow::Leave::#way))
        }
        Op::Open(block) => {
            let block = render_block(workflow, block);
            quote!(Open(__flow::Block::#block))
        }
    }
}

fn leave(way: Leave) -> TokenStream {
    match way {
        Leave::Break(blocks) => {
            let blocks = blocks as u32;
            quote!(Break(#blocks))
        }
        Leave::Continue(blocks) => {
            let blocks = blocks as u32;
            quote!(Continue(#blocks))
        }
        Leave::End(Ending::Ok) => quote!(End(__flow::Ending::Ok)),
        Leave::End(Ending::Error) => quote!(End(__flow::Ending::Error)),
        Leave::End(Ending::Either) => quote!(End(__flow::Ending::Either)),
    }
}

fn render_block(workflow: &Workflow, block: &Block) -> TokenStream {
    match block {
        Block::Branch { on } => quote!(Branch { on: #on }),
        Block::Parallel => quote!(Parallel),
        Block::Race(index) => {
            let id = node_id("race", workflow.flow.joins[*index].ordinal);
            quote!(Race { id: #id })
        }
        Block::Labelled(label) => quote!(Labelled { label: #label }),
        Block::Loop(index) => {
            let found = &workflow.flow.loops[*index];
            let (id, head, bound) = (node_id(found.id, found.ordinal), &found.head, option(found.bound.map(count)));
            let ends = found.ends;
            quote!(Loop { id: #id, head: #head, bound: #bound, ends: #ends })
        }
        Block::Map(index) => {
            let map = &workflow.flow.maps[*index];
            let (id, over) = (node_id("map", map.ordinal), &map.over);
            let (bound, concurrency) = (option(map.bound.map(count)), concurrency(map));
            quote!(Map { id: #id, over: #over, bound: #bound, concurrency: #concurrency })
        }
    }
}

/// The models of calls, as constants.
fn models(workflow: &Workflow) -> TokenStream {
    let all = with_model(workflow).map(|(index, _, value)| {
        let name = format_ident!("__MODEL_{index}");
        quote!(const #name: __flow::Model = #value;)
    });
    quote!(#(#all)*)
}

/// Constants with the user's counts, so that a count of the wrong type is reported once.
fn counts(workflow: &Workflow) -> TokenStream {
    let all = workflow.flow.counts.iter().enumerate().map(|(index, count)| {
        let (name, path) = (count_name(index), &count.path);
        quote!(const #name: ::core::primitive::u32 = #path;)
    });
    quote!(#(#all)*)
}

/// A count must be at least 1, and a bound must cover the known iterations of its loop.
fn count_checks(workflow: &Workflow) -> impl Iterator<Item = TokenStream> {
    workflow.flow.counts.iter().enumerate().map(|(index, count)| {
        let (name, path, written) = (count_name(index), &count.path, text::of(&count.path));
        let zero = page::message(
            page::BOUND,
            format!("`{written}` is 0, which allows nothing: a bound or a concurrency limit must be at least 1"),
        );
        let few = page::message(
            page::BOUND,
            format!("the loop runs {} times, over its bound `{written}`", count.turns.unwrap_or_default()),
        );
        let turns = count.turns.unwrap_or_default();
        underline(quote!(__flow::bound), quote!(#name, #turns, #zero, #few), path)
    })
}

/// Only model steps accept `.model(…)`.
fn model_checks(workflow: &Workflow) -> impl Iterator<Item = TokenStream> {
    with_model(workflow).map(|(index, option, _)| {
        let (step, model) = (step_name(index), model_name(index, option));
        let check = spanned(quote!(__flow::takes_model), option.span());
        quote_spanned!(option.span() => #check(#step.get(), &#model))
    })
}

fn with_model(workflow: &Workflow) -> impl Iterator<Item = (usize, &Ident, &syn::Expr)> {
    let options = workflow.flow.nodes.iter().enumerate();
    let options = options.flat_map(|(index, node)| node.options.iter().map(move |(name, value)| (index, name, value)));
    options.filter(|(_, name, _)| *name == "model")
}

fn edges(workflow: &CheckedWorkflow) -> Vec<TokenStream> {
    let edge = |edge: model::Edge<'_>| {
        let (from, path) = match edge.from {
            Origin::Traced(trace) => (source(workflow, trace.source), &trace.path[..]),
            Origin::Lost(loss) => (lost(workflow, loss, edge.argument), &[][..]),
            Origin::Nothing | Origin::Made(_) | Origin::Either(_) => return TokenStream::new(),
        };
        let (path, into) = (segments(path), segments(&edge.into));
        let (to, position) = (edge.to as u32, edge.position);
        quote! {
            __flow::Edge { from: __flow::Source::#from, path: #path, to: #to, position: #position, into: #into },
        }
    };
    workflow.flow.edges().map(edge).collect()
}

/// A loss, with its code for display.
fn lost(workflow: &CheckedWorkflow, loss: &Loss, argument: &Passed) -> TokenStream {
    let made_of = loss.made_of.iter().map(|trace| source(workflow, trace.source));
    let code = loss.code.as_deref().unwrap_or(&argument.value);
    let (line, code) = (line(code.span()), placeholder::written(workflow, code));
    quote! {
        Lost(&__flow::Loss { made_of: &[#(__flow::Source::#made_of),*], code: #code, line: #line })
    }
}

fn source(workflow: &Workflow, source: Source) -> TokenStream {
    match source {
        Source::Input(position) => {
            let name = workflow.function.arguments[position].plain();
            quote!(Input(#name))
        }
        Source::Node(index) => {
            let index = index as u32;
            quote!(Node(#index))
        }
        Source::Binding(_) => unreachable!("variables are resolved after the body is read"),
    }
}

fn segments(path: &[Seg]) -> TokenStream {
    let path = path.iter().flat_map(segment);
    quote!(&[#(__flow::Seg::#path),*])
}

/// A pattern with named fields is either a variant and a field, or just a field if the name is that of the struct; the contract
/// decides.
fn segment(seg: &Seg) -> Vec<TokenStream> {
    match seg {
        Seg::Field(name) => vec![quote!(Field(#name))],
        Seg::Index(index) => vec![quote!(Index(#index))],
        Seg::Item => vec![quote!(Item)],
        Seg::Some => vec![quote!(Some)],
        Seg::Text => vec![quote!(Text)],
        Seg::Payload(variant, member) => match member.parse::<usize>() {
            Ok(index) => vec![quote!(Payload { variant: #variant, index: #index })],
            Err(_) => vec![quote!(Variant(#variant)), quote!(Field(#member))],
        },
    }
}

/// The compile-time checks of the graph.
pub(crate) fn checks(workflow: &CheckedWorkflow) -> TokenStream {
    let edges = workflow.flow.nodes.iter().enumerate().flat_map(|(index, node)| {
        let arguments = node.arguments.iter().enumerate();
        arguments.flat_map(move |(position, argument)| argument_checks(workflow, index, position, argument))
    });
    let name = workflow.function.name();
    let whole = spanned(quote!(__flow::whole), name.span());
    let whole = quote_spanned!(name.span() => #whole(&__META));
    let limits = [
        limit(workflow, quote!(Steps), workflow.max_steps),
        limit(workflow, quote!(ModelCalls), workflow.max_model_calls),
        limit(workflow, quote!(OutputTokens), workflow.max_output_tokens),
    ];
    let models = models(workflow);
    let are_steps =
        calls::step_checks(workflow).chain(calls::undo_checks(workflow)).chain(calls::race_checks(workflow));
    let checks = are_steps
        .chain([whole])
        .chain(limits.into_iter().flatten())
        .chain(model_checks(workflow))
        .chain(count_checks(workflow))
        .chain(edges);
    let checks = checks.chain(strict::checks(workflow));
    let checks = unseen(checks);
    let counts = counts(workflow);
    quote!(#models #counts #checks)
}

/// The last two checks of an argument share a constant, since fewer constants compile faster.
fn argument_checks(workflow: &CheckedWorkflow, to: usize, position: usize, argument: &Passed) -> Vec<TokenStream> {
    let mut checks = edge_checks(to, position, argument);
    if let Some(reviewed) = reviewed(to, position, argument).filter(|_| !workflow.found.any) {
        let edge = checks.pop();
        checks.push(edge.map_or(reviewed.clone(), |edge| quote!({ #edge; #reviewed })));
    }
    checks
}

fn edge_checks(to: usize, position: usize, argument: &Passed) -> Vec<TokenStream> {
    let consumer = step_name(to);
    let check = |trace: &&Trace| {
        let path = segments(&trace.path);
        let (check, ends) = match trace.source {
            Source::Input(input) => {
                (quote!(__flow::input_edge), quote!(&__META, #input, #path, #consumer.get(), #position))
            }
            Source::Node(from) => {
                let producer = step_name(from);
                (quote!(__flow::edge), quote!(#producer.get(), #path, #consumer.get(), #position))
            }
            Source::Binding(_) => return quote!(()),
        };
        underline(check, ends, &argument.value)
    };
    argument.origin.traced().iter().map(check).collect()
}

/// Checks that model output in an argument is reviewed before it reaches an irreversible effect.
fn reviewed(to: usize, position: usize, argument: &Passed) -> Option<TokenStream> {
    let to = to as u32;
    let from_a_step = argument.origin.sources().iter().any(|source| matches!(source, Source::Node(_)));
    from_a_step.then(|| underline(quote!(__flow::reviewed), quote!(&__META, #to, #position), &argument.value))
}

fn limit(workflow: &CheckedWorkflow, measure: TokenStream, limit: Option<(u64, Span)>) -> Option<TokenStream> {
    let (_, span) = limit.filter(|_| !workflow.found.any)?;
    let function = spanned(quote!(__flow::limit), span);
    Some(quote_spanned!(span => #function(&__META, __flow::Measure::#measure)))
}
