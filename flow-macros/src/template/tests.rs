//! Templates, and what is found in them.

use super::{Analysis, How, Names, Seg, Use, analyse};

fn with(source: &str, arguments: &[String]) -> Analysis {
    analyse(source, Names { arguments, states: &["db".to_owned()] })
}

fn of(source: &str) -> Analysis {
    with(source, &["resume".to_owned(), "job".to_owned()])
}

/// `resume.skills[].name print`, with `!` for every place known to be there.
fn show(usage: &Use) -> String {
    let mut text = ["resume", "job"][usage.argument].to_owned();
    let mark = |text: &mut String, place| text.push_str(if place < usage.present { "!" } else { "" });
    mark(&mut text, 0);
    for (i, seg) in usage.path.iter().enumerate() {
        match seg {
            Seg::Field(name) => text.push_str(&format!(".{name}")),
            Seg::Item => text.push_str("[]"),
            Seg::Value => text.push_str("{}"),
            Seg::Index(n) => text.push_str(&format!("[{n}]")),
            Seg::Lookup => text.push_str("[?]"),
        }
        mark(&mut text, i + 1);
    }
    let how = match &usage.how {
        How::Print => "print",
        How::Iterate => "for",
        How::Test => "test",
        How::Input(name) => name,
    };
    format!("{text} {how}")
}

#[track_caller]
fn uses(source: &str) -> Vec<String> {
    let analysis = of(source);
    assert!(analysis.errors.is_empty(), "{}", analysis.errors[0]);
    analysis.uses.iter().map(show).collect()
}

/// Only what is not merely looked at.
#[track_caller]
fn taken(source: &str) -> Vec<String> {
    uses(source).into_iter().filter(|usage| !usage.ends_with(" test")).collect()
}

#[track_caller]
fn error(source: &str) -> String {
    let analysis = of(source);
    let [error] = analysis.errors.as_slice() else { panic!("not one error: {:#?}", analysis.errors) };
    error.message.clone()
}

#[test]
fn plain_paths() {
    assert_eq!(uses("{{ resume }} {{ job.title }}"), ["resume print", "job.title print"]);
    assert_eq!(uses("{{ resume['a b'].c[0][1].x }}"), ["resume.a b.c[0][1].x print"]);
    assert_eq!(uses("{{ resume.skills[job.n] }}"), ["resume.skills[?] print", "job.n print"]);
    assert_eq!(uses("{{ resume.skills[-1] }}"), ["resume.skills[?] print"]);
    assert_eq!(uses("no variables, {# resume #} {% raw %}{{ job }}{% endraw %}"), [""; 0]);
}

#[test]
fn positions_and_excerpts() {
    let analysis = of("Hello,\n  {{ resume . text }} é {{ job.title|upper }}\n");
    let [text, title] = analysis.uses.as_slice() else { panic!() };
    assert_eq!((text.at(), title.at()), ("2:6".to_owned(), "2:28".to_owned()));
    let carets = format!("{}^^^^^^^^^", " ".repeat(4 + 27));
    assert_eq!(title.excerpt, format!("      {{{{ resume . text }}}} é {{{{ job.title|upper }}}}\n{carets}"));
}

#[test]
fn loops_give_elements() {
    assert_eq!(
        uses("{% for s in resume.skills %}{{ s.name }}{{ s }}{{ loop.index }}{% else %}{{ job }}{% endfor %}"),
        ["resume.skills for", "resume!.skills![].name print", "resume!.skills![] print", "job print"]
    );
    assert_eq!(
        taken("{% for a in resume.xs %}{% for b in a.ys %}{{ b.z }}{% endfor %}{% endfor %}").last().unwrap(),
        "resume!.xs![]!.ys![].z print"
    );
    assert_eq!(
        taken("{% for s in resume.skills if s.name %}{{ s.name }}{% endfor %}").last().unwrap(),
        "resume!.skills![]!.name! print"
    );
}

#[test]
fn loops_over_pairs_give_values() {
    let values = ["resume.scores items", "resume!.scores!{}.x print"];
    let both = |source| taken(source).into_iter().filter(|usage| !usage.ends_with("for")).collect::<Vec<_>>();
    assert_eq!(both("{% for k, v in resume.scores|items %}{{ k }}{{ v.x }}{% endfor %}"), values);
    assert_eq!(both("{% for k, v in resume.scores|dictsort %}{{ v.x }}{% endfor %}")[1], values[1]);
    assert_eq!(both("{% for p in resume.scores|items %}{{ p[0].nothing }}{{ p[1].x }}{% endfor %}"), values);
    assert_eq!(
        taken("{% for k in resume.scores %}{{ resume.scores[k] }}{% endfor %}").last().unwrap(),
        "resume!.scores![] print"
    );
    assert!(taken("{% for k in resume.scores %}{{ resume.scores[k] }}{% endfor %}").iter().any(|u| u.contains("{}")));
}

#[test]
fn loops_unpack() {
    assert_eq!(
        taken("{% for a, b in resume.pairs %}{{ b.x }}{% endfor %}").last().unwrap(),
        "resume!.pairs![][1].x print"
    );
}

#[test]
fn loops_over_what_filters_give_back() {
    for filter in ["sort(attribute='name')", "reverse", "unique", "selectattr('name')", "list", "reject('none')"] {
        let source = format!("{{% for s in resume.skills|{filter} %}}{{{{ s.name }}}}{{% endfor %}}");
        assert_eq!(taken(&source).last().unwrap(), "resume!.skills![].name print", "{filter}");
    }
    assert_eq!(
        taken("{% for s in resume.skills[:3] %}{{ s.name }}{% endfor %}").last().unwrap(),
        "resume!.skills![].name print"
    );
    assert_eq!(
        taken("{% for s in resume.skills|default([]) %}{{ s.name }}{% endfor %}"),
        ["resume!.skills! for", "resume!.skills![].name print"]
    );
    assert_eq!(
        taken("{% for s in [resume.a, job.b] %}{{ s.name }}{% endfor %}"),
        ["resume.a.name print", "job.b.name print"]
    );
}

#[test]
fn set_and_with_are_other_names() {
    assert_eq!(uses("{% set x = resume.a %}{{ x.b }}"), ["resume.a test", "resume.a.b print"]);
    assert_eq!(taken("{% with x = resume.a, y = x.b %}{{ y.c }}{% endwith %}"), ["resume.a.b.c print"]);
    assert_eq!(taken("{% set a, b = resume.pair %}{{ b.x }}"), ["resume.pair[1].x print"]);
    assert_eq!(uses("{% set x %}{{ resume.a }}{% endset %}{{ x.anything }}"), ["resume.a print"]);
    assert_eq!(uses("{% set ns = namespace(n=1) %}{% set ns.n = 2 %}{{ ns.n }}"), [""; 0]);
}

#[test]
fn a_name_set_in_both_branches_is_either() {
    assert_eq!(
        taken("{% if job.x %}{% set y = resume.a %}{% else %}{% set y = job.b %}{% endif %}{{ y.z }}"),
        ["job.b.z print", "resume.a.z print"]
    );
    assert_eq!(
        taken("{% if resume.a %}{% set y = resume.a %}{% else %}{% set y = '' %}{% endif %}{{ y }}"),
        ["resume!.a! print"]
    );
    assert_eq!(
        error("{% if job.x %}{% set y = 1 %}{% endif %}{{ y }}"),
        "`y` is set in only one branch of an `if`; set it in each, or before"
    );
    assert_eq!(uses("{% set y = 0 %}{% if job %}{% set y = 1 %}{% endif %}{{ y }}"), ["job test"]);
}

#[test]
fn names_end_with_their_scope() {
    assert!(error("{% for s in resume.xs %}{% endfor %}{{ s }}").contains("no argument `s`"));
    assert!(error("{% with s = 1 %}{% endwith %}{{ s }}").contains("no argument `s`"));
    assert!(error("{{ loop.index }}").contains("no argument `loop`"));
    assert_eq!(
        uses("{% for resume in job.xs %}{{ resume.a }}{% endfor %}{{ resume.b }}").last().unwrap(),
        "resume.b print"
    );
}

#[test]
fn conditions_say_what_is_there() {
    let guarded = [
        "{% if resume.a %}{{ resume.a }}{% endif %}",
        "{% if resume.a is defined %}{{ resume.a }}{% endif %}",
        "{% if resume.a is not none %}{{ resume.a }}{% endif %}",
        "{% if resume.a is string %}{{ resume.a }}{% endif %}",
        "{% if resume.a != none %}{{ resume.a }}{% endif %}",
        "{% if resume.a == 'x' %}{{ resume.a }}{% endif %}",
        "{% if not resume.a %}{% else %}{{ resume.a }}{% endif %}",
        "{% if resume.a is none %}{% elif job %}{{ resume.a }}{% endif %}",
        "{% if job and resume.a %}{{ resume.a }}{% endif %}",
        "{% if not resume.a or job %}{% else %}{{ resume.a }}{% endif %}",
        "{{ resume.a if resume.a else '' }}",
        "{{ '' if resume.a is undefined else resume.a }}",
        "{{ resume.a or '' }}",
        "{{ resume.a|default('x') }}",
        "{{ resume.a|d('x', true) }}",
        "{% set x = resume.a %}{% if x %}{{ resume.a }}{% endif %}",
    ];
    for source in guarded {
        assert_eq!(taken(source), ["resume!.a! print"], "{source}");
    }
    let open = [
        "{% if resume.a %}{% endif %}{{ resume.a }}",
        "{% if resume.a or job %}{{ resume.a }}{% endif %}",
        "{% if not resume.a %}{{ resume.a }}{% endif %}",
        "{% if resume.a != 'x' %}{{ resume.a }}{% endif %}",
        "{% if resume.a is none %}{{ resume.a }}{% endif %}",
    ];
    for source in open {
        assert_eq!(taken(source).last().unwrap().replace('!', ""), "resume.a print", "{source}");
        assert!(!taken(source).last().unwrap().contains("a!"), "{source}");
    }
}

#[test]
fn conditions_reach_as_far_as_they_say() {
    assert_eq!(taken("{% if resume.a %}{{ resume.a.b }}{% endif %}"), ["resume!.a!.b print"]);
    assert_eq!(taken("{% if resume.a.b %}{{ resume.a }}{% endif %}"), ["resume!.a! print"]);
    assert_eq!(taken("{% if job.a %}{{ resume.a }}{% endif %}"), ["resume.a print"]);
    assert_eq!(taken("{% if resume.m[job.k] %}{{ resume.m[job.k] }}{% endif %}").last().unwrap(), "job.k print");
    assert!(taken("{% if resume.m[job.k] %}{{ resume.m[job.k] }}{% endif %}").contains(&"resume!.m![?]! print".into()));
    assert_eq!(
        taken("{% for a in job.xs %}{% for b in job.xs %}{% if a.n %}{{ b.n }}{% endif %}{% endfor %}{% endfor %}")
            .last()
            .unwrap(),
        "job!.xs![].n print"
    );
    assert_eq!(taken("{{ resume.a and resume.a.b }}"), ["resume.a print", "resume!.a!.b print"]);
}

#[test]
fn filters_and_operators_take_values() {
    assert_eq!(uses("{{ resume.a|upper|trim }}"), ["resume.a upper"]);
    assert_eq!(uses("{{ resume.a ~ job.b }}"), ["resume.a ~", "job.b ~"]);
    assert_eq!(uses("{{ resume.a + 1 }}{{ -job.b }}"), ["resume.a +", "job.b -"]);
    assert_eq!(uses("{% if resume.a > 3 and 'x' in job.b %}{% endif %}"), ["resume.a test", "job.b in"]);
    assert_eq!(uses("{{ resume.skills|first }}"), ["resume.skills first", "resume!.skills![?] print"]);
    assert_eq!(uses("{{ {'a': resume.a, 'b': [job.b]} }}"), ["resume.a print", "job.b print"]);
    assert_eq!(uses("{{ resume|attr('a') }}").last().unwrap(), "resume!.a print");
    assert_eq!(
        uses("{{ resume.skills|map(attribute='at.name')|join(', ') }}"),
        ["resume.skills map", "resume!.skills![].at.name print"]
    );
    assert_eq!(uses("{{ resume.ns|sum }}"), ["resume.ns sum", "resume!.ns![] +"]);
    assert_eq!(uses("{{ resume.ns|sum(attribute='n') }}")[1], "resume!.ns![].n +");
    assert_eq!(uses("{% filter upper %}{{ resume.a }}{% endfilter %}"), ["resume.a print"]);
    assert_eq!(uses("{% for i in range(resume.n) %}{% endfor %}"), ["resume.n -"]);
}

#[test]
fn macros_are_followed_into_their_parameters() {
    assert_eq!(
        taken("{% macro line(s) %}{{ s.name }}{% endmacro %}{% for s in resume.skills %}{{ line(s) }}{% endfor %}"),
        ["resume!.skills![].name print", "resume.skills for"]
    );
    assert_eq!(taken("{% macro m(a, b=job.t) %}{{ b.x }}{% endmacro %}{{ m(1) }}"), ["job.t.x print"]);
    assert_eq!(taken("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(a=resume.x) }}"), ["resume.x print"]);
    assert_eq!(taken("{% macro m() %}{{ resume.x }}{% endmacro %}"), ["resume.x print"]);
    assert_eq!(
        taken("{% macro m(a) %}{{ caller() }}{{ a.b }}{% endmacro %}{% call m(resume) %}{{ job.x }}{% endcall %}"),
        ["resume.b print", "job.x print"]
    );
    assert_eq!(
        taken("{% macro m(a) %}{{ a }}{% endmacro %}{% if resume.x %}{{ m(resume.x) }}{% endif %}"),
        ["resume!.x! print"]
    );
}

#[test]
fn macros_are_called_as_they_are_declared() {
    let with = |call: &str| error(&format!("{{% macro m(a, b=1) %}}{{{{ a }}}}{{% endmacro %}}{{{{ {call} }}}}"));
    assert_eq!(with("m()"), "the macro `m` needs `a`");
    assert_eq!(with("m(1, 2, 3)"), "the macro `m` takes 2 arguments, written out");
    assert_eq!(with("m(1, bb=2)"), "the macro `m` takes no `bb`; did you mean `b`?");
    assert!(error("{% macro m(a) %}{{ m(a.b) }}{% endmacro %}").contains("calls itself"));
}

#[test]
fn an_unknown_variable_names_the_nearest_argument() {
    assert_eq!(
        error("{{ resme.text }}{{ job }}"),
        "template uses `{{ resme }}` but the step has no argument `resme` (arguments: `resume`, `job`); \
         did you mean `resume`?"
    );
    assert!(error("{{ zzzz }}").ends_with("(arguments: `resume`, `job`)"));
    assert!(with("{{ x }}", &[]).errors[0].message.ends_with("`x` (it takes none)"));
    assert_eq!(error("{{ range }}"), "`range` is a function; call it, as in `range(…)`");
}

#[test]
fn unknown_names_of_the_engine() {
    assert_eq!(error("{{ resume|uper }}"), "there is no filter `uper`; did you mean `upper`?");
    assert_eq!(error("{{ resume|pprint }}"), "there is no filter `pprint`");
    assert_eq!(error("{% if resume is defind %}{% endif %}"), "there is no test `is defind`; did you mean `defined`?");
    assert_eq!(error("{{ job.xs|map('uper') }}"), "there is no filter `uper`; did you mean `upper`?");
    assert_eq!(error("{{ job.xs|selectattr('n', 'od') }}"), "there is no test `od`; did you mean `odd`?");
    assert_eq!(error("{{ rnge(3) }}"), "there is no function `rnge`; did you mean `range`?");
    assert_eq!(error("{{ debug() }}"), "there is no function `debug`");
    assert_eq!(error("{{ resume.text.upper() }}"), "values have no method `upper`; write `|upper`");
    assert_eq!(error("{{ resume() }}"), "`resume` is a value and cannot be called");
    assert_eq!(
        error("{% for x in job.xs %}{{ loop.indx }}{% endfor %}"),
        "`loop` has no field `indx`; did you mean `index`?"
    );
}

#[test]
fn roles() {
    assert_eq!(uses("{{ role('user') }}{{ resume }}{{ role(\"assistant\") }}{{ role('system') }}"), ["resume print"]);
    assert_eq!(error("{{ role('asistant') }}"), "a role is `system`, `user` or `assistant`; did you mean `assistant`?");
    assert!(error("{{ role('bot') }}").ends_with("`assistant`"));
    assert_eq!(error("{{ role() }}"), "`role` takes one of \"system\", \"user\", \"assistant\", written out");
    assert!(error("{{ role(resume) }}").starts_with("`role` takes one of"));
    assert!(error("{{ role('user')|upper }}").starts_with("`role(…)` stands by itself"));
    assert!(error("{% set x %}{{ role('user') }}{% endset %}").starts_with("a message cannot begin inside"));
    let named = with("{{ role }}{{ role('user') }}", &["role".to_owned()]);
    assert!(named.errors[0].message.ends_with("cannot be called: it hides the function of that name"));
}

#[test]
fn tags_of_several_templates_are_refused() {
    for (tag, source) in [
        ("include", "{% include 'x' %}"),
        ("import", "{% import 'x' as y %}"),
        ("from", "{% from 'x' import y %}"),
        ("extends", "{% extends 'x' %}"),
        ("block", "{% block x %}{% endblock %}"),
    ] {
        assert_eq!(error(source), format!("there is no `{{% {tag} %}}` in a prompt: a prompt is one text"));
    }
    assert!(error("{% autoescape true %}{% endautoescape %}").ends_with("nothing in a prompt is escaped"));
    assert!(error("{% for x in job.xs recursive %}{% endfor %}").contains("`recursive` loop"));
}

#[test]
fn what_cannot_be_rendered_is_refused() {
    assert!(error("{{ resume.a if job }}").contains("add an `else`"));
    assert_eq!(error("{{ 1 + 'a' }}{{ resume.n }}"), "`+` is for numbers; texts are joined with `~`");
    assert!(error("{% set resume.x = 1 %}").contains("only a field of a `namespace()`"));
}

#[test]
fn syntax_errors_have_a_place() {
    let analysis = of("Hello\n{{ resume.text \nbye");
    let [wrong] = analysis.errors.as_slice() else { panic!() };
    assert_eq!(wrong.line, 3);
    assert!(wrong.message.starts_with("template syntax: unexpected "), "{}", wrong.message);
    let text = of("a {% fro x in job %}").errors[0].to_string();
    assert_eq!(text, "there is no `{% fro %}`; did you mean `for`? (at 1:6)\n    a {% fro x in job %}\n         ^^^");
    assert_eq!(error("{% endif %}"), "`{% endif %}` closes or continues nothing here");
    assert!(error("{% if job %}").contains("unexpected end of input"));
    assert!(error("{{ 'x }}").starts_with("template syntax: "));
}

#[test]
fn independent_mistakes_are_all_told() {
    let analysis = of("{{ a }}{{ resume|b }}{% include 'c' %}{{ d() }}");
    assert_eq!(analysis.errors.len(), 4);
    assert!(analysis.errors.is_sorted_by_key(|error| error.column));
}

#[test]
fn unused_arguments() {
    let arguments = ["resume".to_owned(), "job".to_owned()];
    let unused = |source: &str| with(source, &arguments).unused(&arguments);
    assert_eq!(unused("{{ resume.x }}"), ["job"]);
    assert_eq!(unused("{% if job %}{% endif %}{{ resume }}"), [""; 0]);
    assert_eq!(unused("{% set x = job %}"), ["resume"]);
    assert_eq!(unused("{{ resme }}"), ["job"], "a misspelt argument is one mistake");
    assert_eq!(unused("{{ resume"), [""; 0], "a text that cannot be read leaves nothing out");
}

#[test]
fn hostile_templates_end() {
    let nested = |open: &str, close: &str, n| format!("{}{}", open.repeat(n), close.repeat(n));
    let hostile = [
        format!("{{{{ {}1 }}}}", "1+".repeat(100_000)),
        format!("{{{{ {}1 }}}}", "not ".repeat(100_000)),
        format!("{{{{ resume{} }}}}", ".a".repeat(100_000)),
        format!("{{{{ {} }}}}", nested("[", "]", 100_000)),
        nested("{% if job %}", "{% endif %}", 10_000),
        format!("{{% if job %}}{}{{% endif %}}", "{% elif job %}".repeat(100_000)),
        "{".repeat(100_000),
        "x".repeat(5 << 20),
    ];
    for source in hostile {
        assert_eq!(of(&source).errors.len(), 1, "{}", &source[..30]);
    }
    assert!(of(&format!("{{{{ resume{} }}}}", ".a".repeat(290))).errors.is_empty());
    assert!(of(&format!("{{{{ {}resume.a }}}}", "resume.a and ".repeat(120))).errors.is_empty());
}

#[test]
fn macros_that_multiply_end() {
    let mut source = String::from("{% macro m0(a) %}{{ a.x }}{% endmacro %}");
    for i in 1..30 {
        let call = format!("{{{{ m{}(a) }}}}", i - 1);
        source += &format!("{{% macro m{i}(a) %}}{call}{call}{{% endmacro %}}");
    }
    assert!(of(&source).errors[0].message.contains("more than 500 calls"));
}

#[test]
fn a_state_is_no_argument() {
    let told = &with("{{ db }}", &["x".to_owned()]).errors[0].message;
    assert!(told.contains("`db` is a state, which is never shown to a model"), "{told}");
}

#[test]
fn filters_and_tests_take_what_they_take() {
    let told = |source: &str| with(source, &["x".to_owned()]).errors.first().map(|error| error.message.clone());
    for (source, message) in [
        ("{{ x|replace('a') }}", "the filter `replace` takes 2 to 3 values, and one is given"),
        ("{{ x|upper(3) }}", "the filter `upper` takes no value, and one is given"),
        ("{{ x|join(', ', 3, 4) }}", "the filter `join` takes at most one value, and 3 are given"),
        ("{{ x|round(precison=2) }}", "the filter `round` takes no `precison`; did you mean `precision`?"),
        ("{{ x|batch('x')|length }}", "the filter `batch` takes a number here"),
        ("{{ x is divisibleby }}", "the test `divisibleby` takes one value, and 0 are given"),
        ("{% if x is defined(1) %}a{% endif %}", "the test `defined` takes no value, and one is given"),
    ] {
        assert_eq!(told(source).as_deref(), Some(message), "{source}");
    }
    for source in [
        "{{ x|replace('a', 'b') }}",
        "{{ x|round(2) }}",
        "{{ x|sort(attribute='n', reverse=true)|map(attribute='n')|join(', ') }}",
        "{% if x is divisibleby 3 and x is not none %}a{% endif %}",
        "{{ x|default('a')|indent(2, true) }}",
        "{{ x|map('upper')|join }}",
    ] {
        assert_eq!(told(source), None, "{source}");
    }
}
