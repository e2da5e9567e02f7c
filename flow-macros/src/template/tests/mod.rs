//! Tests of the analysis.

mod differential;
mod refusals;

use super::{Analysis, How, Names, Seg, Use, analyse};

fn with(source: &str, arguments: &[String]) -> Analysis {
    analyse(source, Names { arguments, states: &["db".to_owned()] })
}

fn of(source: &str) -> Analysis {
    with(source, &["resume".to_owned(), "job".to_owned()])
}

/// Prints a use as `resume.skills[].name print`, with `!` after each place known to be present.
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
        How::Compare => "compare",
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

/// The uses, except tests.
#[track_caller]
fn taken(source: &str) -> Vec<String> {
    uses(source).into_iter().filter(|usage| !usage.ends_with(" test") && !usage.ends_with(" compare")).collect()
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
        "`y` is set in only one branch of an `if`; set it in every branch, or before the `if`"
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
    assert_eq!(uses("{% if resume.a > 3 and 'x' in job.b %}{% endif %}"), ["resume.a compare", "job.b in"]);
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
    assert_eq!(uses("{% macro m(a=job) %}{% endmacro %}{{ m(resume) }}"), ["job test", "resume test"]);
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
    assert_eq!(with("m()"), "macro `m` requires argument `a`");
    assert_eq!(with("m(1, 2, 3)"), "macro `m` takes up to 2 arguments, without `*` or `**`");
    assert_eq!(with("m(1, bb=2)"), "macro `m` has no parameter `bb`; did you mean `b`?");
    assert!(error("{% macro m(a) %}{{ m(a.b) }}{% endmacro %}").contains("calls itself"));
}
