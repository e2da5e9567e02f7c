//! Hand-made shapes and uses, and the complete texts.

use super::{How, Seg, Use, attached, check, check_system, enforce, media_in};
use crate::contract::{Access, Def, DefPtr, EnumShape, Field, MediaKind, Member, Repr, Shape, StructShape, Variant};
use Seg::{Field as F, Index, Item, Lookup, Value};

const TEXT: &Shape = &Shape::Str { format: None };
const COUNT: &Shape = &Shape::Int { min: 0, max: 255 };

const fn field(name: &'static str, shape: &'static Shape) -> Member {
    Member::plain(name, shape)
}

const fn sometimes(name: &'static str, shape: &'static Shape) -> Member {
    match field(name, shape).field() {
        Some(field) => Member::Field(Field { always_written: false, ..field }),
        None => field(name, shape),
    }
}

const fn object(members: &'static [Member]) -> Shape {
    Shape::Struct(StructShape { members, deny_unknown: false })
}

const fn def(name: &'static str, hash: u64, body: Shape) -> Def {
    Def { id: name, name, hash, access: Access::Members, body }
}

const fn variant(name: &'static str, shape: Option<&'static Shape>) -> Variant {
    Variant { rust: "Rust", ser: Some(name), de: Some(name), aliases: &[], other: false, newtype: true, shape }
}

static SKILL_DEF: Def = def("Skill", 1, object(&[field("name", TEXT), field("since", &Shape::Option(COUNT))]));
const SKILL: &Shape = &Shape::Named(DefPtr::new(&SKILL_DEF));
static RESUME_DEF: Def = def(
    "Resume",
    2,
    object(&[
        field("text", TEXT),
        field("name", TEXT),
        field("nick", &Shape::Option(TEXT)),
        field("years", COUNT),
        field("skills", &Shape::Array(SKILL)),
        field("best", &Shape::Option(SKILL)),
        field("a b", TEXT),
        field("scores", &Shape::Map { key: TEXT, value: COUNT }),
        sometimes("note", TEXT),
    ]),
);
const RESUME: &Shape = &Shape::Named(DefPtr::new(&RESUME_DEF));

const fn usage(path: &'static [Seg], how: How) -> Use<'static> {
    Use { argument: 0, path, present: 0, how, at: "3:4", excerpt: "    {{ … }}\n       ^" }
}

/// The text without the reference to the error page at its end.
#[track_caller]
fn report(shape: &'static Shape, uses: &[Use]) -> String {
    let text = check("prompt of step `extract`", &[("resume", shape)], uses);
    let told = text.as_str().strip_suffix("\nsee flow::errors::prompt_field");
    let told = told.or_else(|| text.as_str().strip_suffix("\nsee flow::errors::prompt_media"));
    assert_eq!(told.is_none(), text.ok(), "{text:?}");
    told.unwrap_or_default().to_owned()
}

/// The text of one use without the step, the position and the excerpt.
#[track_caller]
fn told(shape: &'static Shape, path: &'static [Seg], how: How) -> String {
    let text = report(shape, &[usage(path, how)]);
    let (first, excerpt) = text.split_once('\n').unwrap_or(("", ""));
    assert!(text.is_empty() || excerpt == "    {{ … }}\n       ^", "{text}");
    first.split_once(" at 3:4: ").map(|(_, told)| told.to_owned()).unwrap_or_default()
}

#[test]
fn says_everything_about_a_field_that_does_not_exist() {
    let wrong = Use { excerpt: "    {{ resume.txet }}\n       ^^^^^^^^^^^", ..usage(&[F("txet")], How::Print) };
    assert_eq!(
        report(RESUME, &[wrong]),
        "prompt of step `extract`: `resume.txet` at 3:4: `Resume` has no field `txet`; did you mean `text`? \
         (fields: `text`, `name`, `nick`, `years`, `skills`, `best`, `a b`, `scores`, … and 1 more)\n    \
         {{ resume.txet }}\n       ^^^^^^^^^^^"
    );
}

#[test]
fn accepts_what_is_there() {
    let paths: &[&[Seg]] = &[
        &[],
        &[F("text")],
        &[F("a b")],
        &[F("skills")],
        &[F("skills"), Item, F("name")],
        &[F("scores"), Value],
        &[F("scores"), Item],
    ];
    for path in paths {
        assert_eq!(told(RESUME, path, How::Print), "");
    }
}

#[test]
fn follows_lists_into_their_elements() {
    assert_eq!(
        told(RESUME, &[F("skills"), Item, F("nam")], How::Print),
        "`Skill` has no field `nam`; did you mean `name`? (fields: `name`, `since`)"
    );
    assert_eq!(
        told(RESUME, &[F("skills"), F("name")], How::Print),
        "`resume.skills` is a list and has no field `name`"
    );
}

#[test]
fn refuses_a_field_of_a_scalar() {
    assert_eq!(told(RESUME, &[F("years"), F("x")], How::Print), "`resume.years` is a number and has no field `x`");
}

#[test]
fn refuses_to_iterate_what_is_no_list() {
    assert_eq!(
        told(RESUME, &[F("years")], How::Iterate),
        "`for` expects a list or an object, but `resume.years` is a number"
    );
    assert_eq!(told(RESUME, &[F("skills")], How::Iterate), "");
    assert_eq!(told(RESUME, &[F("scores")], How::Iterate), "");
    assert_eq!(told(RESUME, &[], How::Iterate), "");
}

#[test]
fn an_optional_needs_if_or_default() {
    let nick = &[F("nick")];
    assert_eq!(
        told(RESUME, nick, How::Print),
        "`resume.nick` is optional; wrap it in `{% if resume.nick is not none %}…{% endif %}`, or append `|default(…)`"
    );
    assert_eq!(told(RESUME, nick, How::Test), "");
    assert_eq!(report(RESUME, &[Use { present: 2, ..usage(nick, How::Print) }]), "");
    assert!(told(RESUME, nick, How::Input("upper")).contains("is optional"));
}

#[test]
fn an_optional_is_not_walked_through() {
    let path = &[F("best"), F("name")];
    assert!(told(RESUME, path, How::Print).starts_with("`resume.best` is optional"));
    assert_eq!(told(RESUME, path, How::Test), "");
    assert_eq!(report(RESUME, &[Use { present: 2, ..usage(path, How::Print) }]), "");
    let deeper = &[F("best"), F("since")];
    assert!(report(RESUME, &[Use { present: 2, ..usage(deeper, How::Print) }]).contains("`resume.best.since` is opt"));
    assert!(told(RESUME, &[F("best"), F("nmae")], How::Test).contains("did you mean `name`?"));
}

#[test]
fn what_may_be_absent_says_why() {
    assert_eq!(
        told(RESUME, &[F("note")], How::Print),
        "`resume.note` may be absent: not every value has it; wrap it in `{% if resume.note is defined %}…{% endif %}`, or append `|default(…)`"
    );
    assert!(told(RESUME, &[F("scores"), F("math")], How::Print).contains("the map may lack the key"));
    assert!(told(RESUME, &[F("scores"), Lookup], How::Print).contains("the map may lack the key"));
    assert!(told(RESUME, &[F("skills"), Index(0)], How::Print).contains("the list may be shorter"));
    assert!(told(RESUME, &[F("skills"), Index(0)], How::Test).is_empty());
}

#[test]
fn filters_and_operators_take_their_kinds() {
    assert_eq!(
        told(RESUME, &[F("years")], How::Input("length")),
        "`length` expects a string or a list or an object, but `resume.years` is a number"
    );
    assert_eq!(told(RESUME, &[F("text")], How::Input("length")), "");
    assert!(told(RESUME, &[F("text")], How::Input("+")).starts_with("`+` expects a number"));
    assert_eq!(told(RESUME, &[F("text")], How::Input("~")), "");
    assert_eq!(told(RESUME, &[], How::Input("tojson")), "");
    assert!(told(RESUME, &[F("skills"), Value], How::Print).starts_with("`items` expects an object"));
}

#[test]
fn tuples_have_as_many_elements_as_they_have() {
    const PAIR: &Shape = &Shape::Tuple(&[TEXT, SKILL]);
    assert_eq!(told(PAIR, &[Index(1), F("name")], How::Print), "");
    assert_eq!(told(PAIR, &[Index(2)], How::Print), "`resume` has 2 elements; indexes start at 0");
}

#[test]
fn anything_goes_in_a_value_of_any_shape() {
    assert_eq!(told(&Shape::Any, &[F("x"), Item, F("y"), Index(3)], How::Print), "");
    assert_eq!(told(&Shape::Any, &[F("x")], How::Input("length")), "");
}

#[test]
fn flattened_members_are_fields() {
    const EXTRA: &Shape = &Shape::Map { key: TEXT, value: COUNT };
    const FLAT: &Shape = &object(&[
        field("id", TEXT),
        Member::Flatten { rust: "", shape: RESUME },
        Member::Flatten { rust: "", shape: &Shape::Option(SKILL) },
    ]);
    assert_eq!(told(FLAT, &[F("text")], How::Print), "");
    assert!(told(FLAT, &[F("since")], How::Print).starts_with("`resume.since` may be absent: not every value has it"));
    assert!(told(FLAT, &[F("txt")], How::Print).contains("did you mean `text`?"));
    const REST: &Shape = &object(&[field("id", TEXT), Member::Flatten { rust: "", shape: EXTRA }]);
    assert_eq!(told(REST, &[F("id")], How::Print), "");
    assert!(told(REST, &[F("other")], How::Print).contains("the map may lack the key"));
}

#[test]
fn tagged_enums_have_the_fields_of_their_variants() {
    const CASH: &Shape = &object(&[field("amount", COUNT), field("place", TEXT)]);
    const CARD: &Shape = &object(&[field("amount", COUNT), field("number", TEXT)]);
    const VARIANTS: &[Variant] = &[variant("cash", Some(CASH)), variant("card", Some(CARD))];
    const PAYMENT: &Shape =
        &Shape::Enum(EnumShape { repr: Repr::Internal { tag: "kind" }, variants: VARIANTS, deny_unknown: false });
    assert_eq!(told(PAYMENT, &[F("kind")], How::Print), "");
    assert_eq!(told(PAYMENT, &[F("amount")], How::Print), "");
    assert!(told(PAYMENT, &[F("number")], How::Print).contains("not every value has it"));
    assert_eq!(told(PAYMENT, &[F("number")], How::Test), "");
    assert!(told(PAYMENT, &[F("nubmer")], How::Print).contains("did you mean `number`?"));

    const ADJACENT: Repr = Repr::Adjacent { tag: "t", content: "c" };
    const SENT: &Shape = &Shape::Enum(EnumShape { repr: ADJACENT, variants: VARIANTS, deny_unknown: false });
    assert_eq!(told(SENT, &[F("c"), F("amount")], How::Print), "");
    assert!(told(SENT, &[F("c"), F("place")], How::Print).contains("not every value has it"));

    const EXTERNAL: &Shape = &Shape::Enum(EnumShape { repr: Repr::External, variants: VARIANTS, deny_unknown: false });
    assert!(
        told(EXTERNAL, &[F("cash"), F("amount")], How::Print)
            .contains("`resume.cash` may be absent: not every value has it")
    );

    const UNTAGGED: &Shape = &Shape::Enum(EnumShape { repr: Repr::Untagged, variants: VARIANTS, deny_unknown: false });
    assert_eq!(told(UNTAGGED, &[F("amount")], How::Print), "");
    assert!(told(UNTAGGED, &[F("place")], How::Print).contains("not every value has it"));
}

#[test]
fn unit_variants_are_texts() {
    const LEVEL: &Shape = &Shape::Enum(EnumShape {
        repr: Repr::External,
        variants: &[variant("low", None), variant("high", None)],
        deny_unknown: false,
    });
    assert_eq!(told(LEVEL, &[], How::Print), "");
    assert_eq!(told(LEVEL, &[], How::Input("upper")), "");
    assert!(told(LEVEL, &[], How::Iterate).contains("is a string"));
    assert_eq!(told(LEVEL, &[F("low")], How::Print), "`resume` is a string and has no field `low`");
}

#[test]
fn recursive_types_end() {
    static TREE: Def = def("Tree", 3, object(&[field("name", TEXT), field("kids", &Shape::Array(&TREE_SHAPE))]));
    static TREE_SHAPE: Shape = Shape::Named(DefPtr::new(&TREE));
    assert_eq!(told(&TREE_SHAPE, &[], How::Print), "");
    assert_eq!(told(&TREE_SHAPE, &[F("kids"), Item, F("kids"), Item, F("name")], How::Print), "");
    assert!(told(&TREE_SHAPE, &[F("kids"), Item, F("kid")], How::Print).contains("did you mean `kids`?"));

    static NODE: Def = Def {
        access: Access::Members,
        ..def("Node", 4, object(&[field("value", COUNT), field("kids", &Shape::Array(&Shape::Ref("Node")))]))
    };
    const NODE_SHAPE: &Shape = &Shape::Generic(&NODE);
    assert_eq!(told(NODE_SHAPE, &[F("kids"), Item, F("kids"), Item, F("value")], How::Print), "");
    assert!(told(NODE_SHAPE, &[F("kids"), Item, F("valu")], How::Print).contains("did you mean `value`?"));

    static LOOP: Def = def(
        "Loop",
        5,
        Shape::Enum(EnumShape {
            repr: Repr::Untagged,
            variants: &[variant("a", Some(&LOOP_SHAPE))],
            deny_unknown: false,
        }),
    );
    static LOOP_SHAPE: Shape = Shape::Named(DefPtr::new(&LOOP));
    // It has no values, so its contract is rejected elsewhere.
    assert_eq!(told(&LOOP_SHAPE, &[F("x")], How::Print), "");
}

#[test]
fn secrets_never_reach_a_prompt() {
    const ACCOUNT: &Shape = &object(&[field("name", TEXT), field("token", &Shape::Opaque("Secret"))]);
    const LIST: &Shape = &Shape::Array(&Shape::Option(ACCOUNT));
    let direct = "`resume.token` is a secret or opaque value (Secret), which never reaches a prompt";
    assert_eq!(told(ACCOUNT, &[F("token")], How::Print), direct);
    assert_eq!(told(ACCOUNT, &[F("token")], How::Test), "");
    assert_eq!(told(ACCOUNT, &[F("name")], How::Print), "");
    assert!(told(ACCOUNT, &[F("token"), F("x")], How::Test).contains("is a secret"));
    let inside = "`resume` holds a secret or opaque value (Secret), which never reaches a prompt; \
                  print only the fields that the model needs";
    assert_eq!(told(ACCOUNT, &[], How::Print), inside);
    assert_eq!(told(LIST, &[], How::Input("tojson")), inside);
    assert_eq!(told(LIST, &[], How::Iterate), "");
}

#[test]
fn one_mistake_is_told_once() {
    let uses = [
        usage(&[F("skils")], How::Iterate),
        usage(&[F("skils"), Item, F("name")], How::Print),
        usage(&[F("years")], How::Iterate),
        usage(&[F("years"), Item, F("x")], How::Print),
    ];
    let text = report(RESUME, &uses);
    assert_eq!(text.matches("prompt of step").count(), 2, "{text}");
}

#[test]
fn more_than_eight_are_counted() {
    let uses = [usage(&[F("nick")], How::Print); 11];
    let text = report(RESUME, &uses);
    assert_eq!(text.matches("is optional").count(), 8);
    assert!(text.ends_with("\n… and 3 more"), "{text}");
}

/// A contract of 600 fields, read forty times, in constant evaluation.
mod large {
    use super::*;

    static NAMES: [u8; 3000] = {
        let mut names = [b'f'; 3000];
        let mut i = 0;
        while i < 600 {
            names[i * 5 + 2] = b'0' + (i / 100) as u8;
            names[i * 5 + 3] = b'0' + (i / 10 % 10) as u8;
            names[i * 5 + 4] = b'0' + (i % 10) as u8;
            i += 1;
        }
        names
    };
    static FIELDS: [Member; 600] = {
        let mut fields = [field("", TEXT); 600];
        let mut i = 0;
        while i < 600 {
            let name = NAMES.split_at(i * 5).1.split_at(5).0;
            fields[i] = match core::str::from_utf8(name) {
                Ok(name) => field(name, TEXT),
                Err(_) => unreachable!(),
            };
            i += 1;
        }
        fields
    };
    const WIDE: &Shape = &object(&FIELDS);

    const _: () = enforce(&check("prompt", &[("wide", WIDE)], &[usage(&[F("ff599")], How::Print); 40]));

    #[test]
    fn a_miss_names_a_neighbour() {
        const TEXT: super::super::Text = check("prompt", &[("wide", WIDE)], &[usage(&[F("ff59x")], How::Print)]);
        assert!(TEXT.as_str().contains("did you mean `ff590`? (fields: `ff000`, "));
    }
}

#[test]
#[should_panic(expected = "has no field `x`")]
fn enforcing_panics_with_the_text() {
    enforce(&check("prompt", &[("resume", RESUME)], &[usage(&[F("x")], How::Print)]));
}

const IMAGE: &Shape = MediaKind::Image.shape();
static SCAN_DEF: Def = def("Scan", 9, object(&[field("page", COUNT), field("photo", &Shape::Option(IMAGE))]));
const SCAN: &Shape = &Shape::Named(DefPtr::new(&SCAN_DEF));
const SCANS: &Shape = &Shape::Array(SCAN);

#[test]
fn an_attachment_is_printed_by_itself() {
    for (shape, path, how) in [
        (IMAGE, &[][..], How::Print),
        (IMAGE, &[], How::Test),
        (&Shape::Array(IMAGE), &[Item], How::Print),
        (&Shape::Array(IMAGE), &[], How::Iterate),
        (&Shape::Array(IMAGE), &[], How::Input("length")),
        (&Shape::Array(IMAGE), &[], How::Input("first")),
        (SCANS, &[Item, F("page")], How::Print),
        (SCANS, &[], How::Input("length")),
        (SCANS, &[Item, F("photo")], How::Compare),
    ] {
        let told = told(shape, path, how);
        assert!(told.is_empty() == !matches!(how, How::Compare), "{path:?} {how:?}: {told}");
    }
    let guarded = Use { present: 2, ..usage(&[F("photo")], How::Print) };
    assert_eq!(report(SCAN, &[guarded]), "");
    assert!(told(SCAN, &[F("photo")], How::Print).contains("is optional"));
}

#[test]
fn an_attachment_is_no_text() {
    for how in ["upper", "~", "tojson", "length", "+"] {
        let told = told(IMAGE, &[], How::Input(how));
        let end = ", but `resume` is an image; print it by itself, as in `{{ resume }}`";
        assert!(told.starts_with(&format!("`{how}` expects ")) && told.ends_with(end), "{told}");
    }
    assert!(
        told(IMAGE, &[], How::Compare)
            .starts_with("`==` expects text, a number or other JSON, but `resume` is an image")
    );
    assert!(told(IMAGE, &[], How::Iterate).starts_with("`for` expects a list or an object, but `resume` is an image"));
    assert_eq!(told(IMAGE, &[F("url")], How::Print), "`Image` is an image and has no field `url`");
    for (shape, how) in [(SCAN, How::Print), (SCANS, How::Print), (SCANS, How::Input("tojson"))] {
        let inside =
            "`resume` holds an image, which is attached rather than printed as text; print its fields, each by itself";
        assert_eq!(told(shape, &[], how), inside);
    }
}

#[test]
fn a_system_message_has_no_attachments() {
    let uses = [usage(&[], How::Print)];
    let text = check_system("system prompt of step `read`", &[("photo", IMAGE)], &uses);
    assert_eq!(
        text.as_str(),
        "system prompt of step `read`: `photo` at 3:4: `photo` is an image, and a system message has only text; attach it in `prompt`\n    \
         {{ … }}\n       ^\nsee flow::errors::prompt_media"
    );
    assert!(check_system("system prompt", &[("text", TEXT)], &uses).ok());
}

#[test]
fn what_a_template_attaches_is_found() {
    let found = |shape, path: &'static [Seg], how| attached(&[("scan", shape)], &usage(path, how));
    assert_eq!(found(SCANS, &[Item, F("photo")], How::Print), Some(MediaKind::Image));
    assert_eq!(found(SCANS, &[Item, F("photo")], How::Test), None);
    assert_eq!(found(SCANS, &[Item, F("page")], How::Print), None);
    assert_eq!(found(SCANS, &[Item, F("nothing")], How::Print), None);
    assert_eq!(
        (media_in(SCANS), media_in(IMAGE), media_in(RESUME)),
        (Some(MediaKind::Image), Some(MediaKind::Image), None)
    );
}
