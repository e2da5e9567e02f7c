//! Templates accepted here and by the contract check render for all argument values.

use flow_runtime::contract::{EnumShape, Field, Member, Repr, Shape, StructShape, Variant};
use flow_runtime::prompt::{Template, check};
use serde_json::{Map, Value, json};

use super::{How, Names, Seg, Use, analyse};

const TEXT: &Shape = &Shape::Str { format: None };
const COUNT: &Shape = &Shape::Int { min: -9, max: 9 };

const fn field(name: &'static str, always_written: bool, shape: &'static Shape) -> Member {
    let member = Member::plain(name, shape);
    match member.field() {
        Some(field) => Member::Field(Field { always_written, ..field }),
        None => member,
    }
}

const fn object(members: &'static [Member]) -> Shape {
    Shape::Struct(StructShape { members, deny_unknown: false })
}

const fn variant(name: &'static str, shape: &'static Shape) -> Variant {
    Variant {
        rust: name,
        ser: Some(name),
        de: Some(name),
        aliases: &[],
        other: false,
        newtype: true,
        shape: Some(shape),
    }
}

const SKILL: &Shape = &object(&[field("name", true, TEXT), field("since", true, &Shape::Option(COUNT))]);
const CASH: &Shape = &object(&[field("amount", true, COUNT), field("place", true, TEXT)]);
const CARD: &Shape = &object(&[field("amount", true, COUNT)]);
const PAY: &Shape = &Shape::Enum(EnumShape {
    repr: Repr::Internal { tag: "kind" },
    variants: &[variant("cash", CASH), variant("card", CARD)],
    deny_unknown: false,
});
const X: &Shape = &object(&[
    field("text", true, TEXT),
    field("n", true, COUNT),
    field("f", true, &Shape::Float { bits: 53 }),
    field("yes", true, &Shape::Bool),
    field("nick", true, &Shape::Option(TEXT)),
    field("note", false, TEXT),
    field("skills", true, &Shape::Array(SKILL)),
    field("best", true, &Shape::Option(SKILL)),
    field("scores", true, &Shape::Map { key: TEXT, value: COUNT }),
    field("levels", true, &Shape::Map { key: TEXT, value: &Shape::Option(COUNT) }),
    field("tags", true, &Shape::Option(&Shape::Array(TEXT))),
    field("pair", true, &Shape::Tuple(&[TEXT, COUNT])),
    field("pay", true, PAY),
    field("any", true, &Shape::Any),
    field("years", true, &Shape::Option(COUNT)),
    field("agreed", true, &Shape::Option(&Shape::Bool)),
    field("rooms", false, COUNT),
    field("floor", false, &Shape::Option(COUNT)),
]);

/// Accepted templates: they must render for every value.
const ACCEPTED: &[&str] = &[
    "{{ x }}",
    "{{ x.text }} {{ x.n }} {{ x.f }} {{ x.yes }} {{ x.any }}",
    "{% for s in x.skills %}{{ loop.index }}. {{ s.name }}{% if s.since %} ({{ s.since }}){% endif %}\n{% endfor %}",
    "{{ x.nick|default('none') }} {{ x.note|default('') }} {{ x.best.since|default(0) }}",
    "{% if x.best %}{{ x.best.name }}{{ x.best.since|d(1) + 1 }}{% endif %}",
    "{% if x.best.since %}{{ x.best.name }} {{ x.best.since }}{% endif %}",
    "{% if x.nick is none %}-{% else %}{{ x.nick|upper }}{% endif %}{{ x.nick or x.text }}",
    "{% for k, v in x.scores|items %}{{ k }}: {{ v + 1 }}{% endfor %}{% for k in x.scores %}{{ x.scores[k] }}{% endfor %}",
    "{% for k, v in x.levels|dictsort %}{{ k|upper }}{{ v|default('-') }}{% endfor %}",
    "{% for t in x.tags|default([]) %}{{ t|title }}{% endfor %}{{ x.tags|default([])|length }}",
    "{{ x.skills|map(attribute='name')|join(', ') }}{{ x.skills|length }}",
    "{% set s = x.skills|first %}{% if s %}{{ s.name }}{% endif %}{{ x.skills[0].name|default('') }}",
    "{% macro line(s, mark='-') %}{{ mark }} {{ s.name }}{% endmacro %}{% for s in x.skills %}{{ line(s) }}{% endfor %}",
    "{{ x.pair[0] }} {% for p in x.pair %}{{ p }}{% endfor %}{{ x.pair[1] * 2 }}",
    "{{ x.pay.kind }} {{ x.pay.amount }} {% if x.pay.place %}{{ x.pay.place }}{% endif %}",
    "{{ role('user') }}{{ x.text }}{{ role('assistant') }}{{ x.text ~ '/' ~ x.n }}",
    "{% for s in x.skills|sort(attribute='name')|selectattr('since') %}{{ s.name }}{% endfor %}{{ x|tojson }}",
    "{% for s in x.skills if s.since is defined %}{{ s.since }}{% else %}none{% endfor %}",
    "{% set total = namespace(n=0) %}{% for s in x.skills %}{% set total.n = loop.index %}{% endfor %}{{ total.n }}",
    "{{ 'old' if x.n > 3 else x.text }}{{ x.f|round(1) }}{{ -x.n }}{{ x.text|indent(2)|trim|replace('a', 'b') }}",
    "{% if 'rust' in x.text and x.scores %}{{ x.scores|length }}{% endif %}{{ x.text[:3] }}{{ x.text|split|length }}",
    "{% for k, v in x|items %}{{ k }}={{ v|default('') }}\n{% endfor %}",
];

/// Rejected templates, by name or by contract: each would fail for some value, or print `null`.
const REFUSED: &[&str] = &[
    "{{ y }}",
    "{{ x.txt }}",
    "{{ x.nick }}",
    "{{ x.note }}",
    "{{ x.best.name }}",
    "{{ x.best.since + 1 }}",
    "{% if x.text or x.best %}{{ x.best.name }}{% endif %}",
    "{{ x.scores.math }}",
    "{{ x.skills[0].name }}",
    "{% set s = x.skills|first %}{{ s.name }}",
    "{% for s in x.tags %}{{ s }}{% endfor %}",
    "{% for s in x.n %}{% endfor %}",
    "{% for k, v in x.levels|items %}{{ v }}{% endfor %}",
    "{% for s in x.skills %}{{ s.since }}{% endfor %}",
    "{{ x.n|length }}",
    "{{ x.text + 'a' }}",
    "{{ x.text - x.n }}",
    "{{ x.pair[2] }}",
    "{{ x.pay.place }}",
    "{{ x.skills|sum }}",
    "{{ x.text if x.yes }}",
    "{% macro line(s) %}{{ s.nam }}{% endmacro %}{% for s in x.skills %}{{ line(s) }}{% endfor %}",
    "{{ x.text.upper() }}",
    "{{ x|upper }}",
];

#[test]
fn what_is_accepted_renders() {
    let mut random = Random(1);
    for source in ACCEPTED {
        assert_eq!(judge(source), "", "{source}");
        let template = Template::new(None, source);
        for _ in 0..200 {
            let value = random.value(X);
            let rendered = template.render([("x", value.clone())]);
            assert!(rendered.is_ok(), "{source}\n{value:#}\n{}", rendered.unwrap_err());
        }
    }
}

#[test]
fn what_is_refused_has_one_reason() {
    for source in REFUSED {
        let told = judge(source).replace("indexes start at 0", "");
        assert_eq!(told.matches(" at ").count() + told.matches("(at ").count(), 1, "{source}");
    }
}

/// The guard that a message recommends is accepted, passes every value and blocks absent ones.
#[test]
fn a_recommended_guard_drops_no_value() {
    let falsy = [json!(0), json!(false), json!(""), json!([])];
    for path in ["nick", "years", "agreed", "tags", "note", "rooms", "floor"] {
        let told = judge(leak(&format!("{{{{ x.{path} }}}}")));
        let guard = told.split("wrap it in `").nth(1).and_then(|rest| rest.split('…').next()).expect("a guard");
        let source = leak(&format!("{guard}[{{{{ x.{path} }}}}]{{% endif %}}"));
        assert_eq!(judge(source), "", "{source}");
        let render = |x: Value| Template::new(None, source).render([("x", x)]).expect("it renders").messages;
        for value in &falsy {
            assert!(render(json!({ path: value }))[0].text().starts_with('['), "{source} drops {value}");
        }
        assert!(render(json!({ path: null })).is_empty() && render(json!({})).is_empty(), "{source}");
    }
}

/// The messages of both checks; empty if both accept.
fn judge(source: &'static str) -> String {
    let analysis = analyse(source, Names { arguments: &["x".to_owned()], states: &[] });
    let errors: Vec<_> = analysis.errors.iter().map(ToString::to_string).collect();
    let uses: Vec<_> = analysis.uses.iter().map(constant).collect();
    errors.join("\n") + check::check("prompt", &[("x", X)], &uses).as_str()
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

/// Converts a use to the constant that the expansion emits.
fn constant(usage: &Use) -> check::Use<'_> {
    let seg = |seg: &Seg| match seg {
        Seg::Field(name) => check::Seg::Field(leak(name)),
        Seg::Item => check::Seg::Item,
        Seg::Value => check::Seg::Value,
        Seg::Index(n) => check::Seg::Index(*n),
        Seg::Lookup => check::Seg::Lookup,
    };
    let how = match &usage.how {
        How::Print => check::How::Print,
        How::Iterate => check::How::Iterate,
        How::Test => check::How::Test,
        How::Compare => check::How::Compare,
        How::Input(name) => check::How::Input(leak(name)),
    };
    let path = Vec::leak(usage.path.iter().map(seg).collect());
    let (at, excerpt) = (leak(&usage.at()), leak(&usage.excerpt));
    check::Use { argument: usage.argument, path, present: usage.present, how, at, excerpt }
}

/// Deterministic random values of a shape.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % end
    }

    fn value(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Bool => json!(self.below(2) == 0),
            Shape::Number | Shape::Float { .. } => json!(self.below(1000) as f64 / 8.0 - 60.0),
            Shape::Int { min, .. } => json!(*min as i64 + self.below(19) as i64),
            Shape::Str { .. } => json!(["", "rust", "{{ x }}", "a b\nc", "é"][self.below(5) as usize]),
            Shape::Array(item) => (0..self.below(4)).map(|_| self.value(item)).collect(),
            Shape::Tuple(items) => items.iter().map(|item| self.value(item)).collect(),
            Shape::Map { value, .. } => {
                let keys = &["a", "b c", "items"][..self.below(4) as usize];
                keys.iter().map(|key| ((*key).to_owned(), self.value(value))).collect()
            }
            Shape::Option(_) if self.below(2) == 0 => Value::Null,
            Shape::Option(inner) => self.value(inner),
            Shape::Struct(shape) => Value::Object(self.members(shape)),
            Shape::Enum(shape) => {
                let variant = &shape.variants[self.below(shape.variants.len() as u64) as usize];
                let mut value = variant.shape.map_or(json!({}), |content| self.value(content));
                value["kind"] = json!(variant.ser);
                value
            }
            _ => [json!(null), json!([1, null]), json!({"k": "v"}), json!(2.5)][self.below(4) as usize].clone(),
        }
    }

    fn members(&mut self, shape: &StructShape) -> Map<String, Value> {
        let mut members = Map::new();
        for member in shape.members {
            let Member::Field(field) = member else { continue };
            if field.always_written || self.below(2) == 0 {
                members.insert(field.rust.to_owned(), self.value(field.shape));
            }
        }
        members
    }
}
