//! The pages of `flow::errors`: each shows what the compiler says, and each message names an existing page.

use std::collections::BTreeSet;

use flow_ui_tests::{AREAS, Fixture, Page, Project};

/// How a message refers to its page.
const SEE: &str = "see flow::errors::";

/// Compiles all rejected programs at once: every error must be on the page, and every message on the page must be an error.
#[test]
fn pages_show_what_the_compiler_says() {
    let pages = Page::all();
    let refused: Vec<_> = pages.iter().flat_map(Page::refused).collect();
    let programs = refused.iter().map(|refused| (refused.name.clone(), refused.source.as_str()));
    let errors = Project::new("pages", &["cli"], programs).check();
    let mut wrong = Vec::new();
    for refused in refused {
        let said: Vec<_> = errors.iter().filter(|error| error.target == refused.name).collect();
        let unsaid = refused.unsaid(&said);
        let unshown: Vec<_> = said.iter().filter(|error| !refused.shows(error)).collect();
        if said.is_empty() || !unsaid.is_empty() || !unshown.is_empty() {
            wrong.push(format!("{}: shown and not said {unsaid:#?}, said and not shown {unshown:#?}", refused.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_have_both_forms() {
    let pages = Page::all();
    assert!(pages.len() >= 30);
    for page in pages {
        let shown = page.refused().iter().all(|refused| !refused.messages.is_empty());
        assert!(!page.refused().is_empty() && shown && page.has_right_form(), "{}", page.name());
    }
}

/// rustdoc rejects broken links, and a page without a link would not be a module.
#[test]
fn every_page_is_in_the_index() {
    let index = include_str!("../../../src/errors.rs");
    for page in Page::all() {
        assert!(index.contains(&format!("[`{}`]", page.name())), "{}", page.name());
    }
}

#[test]
fn every_message_leads_to_a_page_and_every_page_is_led_to() {
    let pages = Page::all();
    let mut unseen: BTreeSet<&str> = pages.iter().map(Page::name).collect();
    let mut wrong = Vec::new();
    for fixture in AREAS.iter().flat_map(|area| Fixture::all(area, "fail")) {
        for error in errors_in(&fixture.stderr()) {
            let named: Vec<_> = error.split(SEE).skip(1).map(word).collect();
            let known = named.iter().all(|name| pages.iter().any(|page| page.name() == *name));
            unseen.retain(|page| !named.iter().any(|name| name == page));
            if !known || named.is_empty() && is_ours(&fixture, error) {
                wrong.push(format!("{}: {named:?} in {error}", fixture.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // rustc's own messages name no page.
    assert_eq!(unseen, BTreeSet::from(["not_send", "private_type"]));
}

/// The complete errors of a `.stderr` file.
fn errors_in(stderr: &str) -> impl Iterator<Item = &str> {
    let is_start = |at: &usize| stderr[*at..].starts_with("error") && (*at == 0 || stderr[..*at].ends_with('\n'));
    let starts: Vec<_> = stderr.char_indices().map(|(at, _)| at).filter(is_start).collect();
    let ends = starts.clone().into_iter().skip(1).chain([stderr.len()]);
    starts.into_iter().zip(ends).map(move |(start, end)| &stderr[start..end])
}

/// The name at the start of a text.
fn word(text: &str) -> &str {
    text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().unwrap_or(text)
}

/// Whether we wrote the message: not rustc, and not a check written in the program itself.
fn is_ours(fixture: &Fixture, error: &str) -> bool {
    let by_hand = fixture.source().contains("enforce(");
    let of_rustc = ["future cannot be sent between threads safely", "is more private than the item"];
    let ours = ["error: ", "error[E0080]", "error[E0277]"].iter().any(|head| error.starts_with(head));
    ours && !by_hand && !of_rustc.iter().any(|words| error.contains(words))
}
