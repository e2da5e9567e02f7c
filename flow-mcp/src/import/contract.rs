//! Objects and listed texts as contracts.

use super::definitions::Definitions;
use super::document::{allowed, item, unchecked};
use super::names::{Names, camel, is_renamed, option, snake};
use super::schema::{COMBINED, Property, Schema};

/// A text to choose, and its description.
type Variant<'s> = (&'s str, Option<&'s str>);

/// A struct with these fields: their types, and what these do not say.
pub(super) fn object(schema: Schema<'_>, name: &str, fields: &[(Property<'_>, String, Vec<String>)]) -> String {
    let mut names = Names::default();
    let fields: String = fields
        .iter()
        .map(|(property, ty, lost)| field(property, &names.free(snake(property.name)), ty, lost))
        .collect();
    let comment = item(schema.description(), "");
    let allowed = allowed(&format!("{comment}{fields}"));
    format!("{comment}{allowed}#[contract]\n#[derive(Debug, Clone)]\npub struct {name} {{\n{fields}}}\n")
}

fn field(property: &Property<'_>, name: &str, ty: &str, lost: &[String]) -> String {
    let mut code = item(property.schema.description(), "    ");
    code += &unchecked(lost, "    ");
    if is_renamed(name, property.name) {
        code += &format!("    #[serde(rename = {:?})]\n", property.name);
    }
    let ty = match property.is_required {
        true => ty.to_owned(),
        false => {
            code += "    #[serde(skip_serializing_if = \"Option::is_none\")]\n";
            option(ty.to_owned())
        }
    };
    code + &format!("    pub {name}: {ty},\n")
}

/// The texts that a schema lists, and whether `null` is allowed too; `None` if it lists other values, or none.
pub(super) fn variants(schema: Schema<'_>) -> Option<(Vec<Variant<'_>>, bool)> {
    let Some(keyword) = schema.combined() else { return listed(schema, None) };
    let is_plain = COMBINED.iter().all(|other| *other == keyword || schema.get(other).is_none());
    if keyword == "allOf" || !is_plain || schema.values().is_some() || schema.has_properties() {
        return None;
    }
    let (mut all, mut has_null) = (Vec::<Variant<'_>>::new(), false);
    for alternative in schema.list(keyword)? {
        if alternative.node["type"] == "null" {
            has_null = true;
            continue;
        }
        let (texts, null) =
            listed(alternative, alternative.description()).filter(|_| alternative.combined().is_none())?;
        all.extend(
            texts.into_iter().filter(|(text, _)| !all.iter().any(|(known, _)| known == text)).collect::<Vec<_>>(),
        );
        has_null |= null;
    }
    let kinds = schema.kinds();
    let is_text = kinds.is_empty() || kinds.contains(&"string");
    (is_text && !all.is_empty()).then_some((all, has_null && (kinds.is_empty() || kinds.contains(&"null"))))
}

fn listed<'s>(schema: Schema<'s>, description: Option<&'s str>) -> Option<(Vec<Variant<'s>>, bool)> {
    let values = schema.values()?;
    let texts = values.iter().filter(|value| !value.is_null()).map(|value| value.as_str());
    let texts: Vec<_> = texts.map(|text| Some((text?, description))).collect::<Option<_>>()?;
    let has_null = texts.len() < values.len();
    (!texts.is_empty()).then_some((texts, has_null))
}

/// The name of an enum of these texts.
pub(super) fn choice(
    definitions: &mut Definitions<'_>,
    schema: Schema<'_>,
    variants: &[Variant<'_>],
    hint: &str,
) -> String {
    let (mut names, mut code) = (Names::default(), String::new());
    for (text, description) in variants {
        code += &item(*description, "    ");
        let variant = names.free(camel(text));
        if is_renamed(&variant, text) {
            code += &format!("    #[serde(rename = {text:?})]\n");
        }
        code += &format!("    {variant},\n");
    }
    let comment = item(schema.description(), "");
    let allowed = allowed(&format!("{comment}{code}"));
    let before = format!("{comment}{allowed}#[contract]\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub enum ");
    definitions.choice(hint, &before, &format!(" {{\n{code}}}\n"))
}
