//! Every type that client generators derive from the document has a unique name, that of its component.

use std::collections::HashMap;

use flow::prelude::*;
use flow::serde_json::{Value, json};
use flow::service::Service;

/// A place to look at.
#[contract]
#[derive(Debug, Clone)]
struct Site {
    street: String,
}

/// A type whose name differs from that of a component in style alone.
#[contract]
#[derive(Debug, Clone)]
struct SurveyInput {
    sites: Vec<Site>,
}

/// What to do.
#[contract]
#[derive(Debug, Clone)]
#[serde(rename_all = "lowercase")]
enum Next {
    Repair { parts: Vec<String> },
    Replace { letter: String },
    Nothing,
}

/// The same, told apart by a field.
#[contract]
#[derive(Debug, Clone)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Told {
    Repair { parts: Vec<String> },
    Replace { letter: String },
}

/// How soon.
#[contract]
#[derive(Debug, Clone)]
#[serde(rename_all = "lowercase")]
enum Pace {
    /// Within the week.
    Soon,
    /// When there is time.
    Late,
    Never,
}

#[contract]
#[derive(Debug, Clone)]
struct Plan {
    pace: Pace,
    next: Vec<Next>,
    told: Option<Told>,
}

#[step]
async fn look(site: &Site) -> Result<Plan> {
    let next = vec![Next::Repair { parts: vec![site.street.clone()] }, Next::Nothing];
    Ok(Plan { pace: Pace::Late, next, told: Some(Told::Replace { letter: site.street.clone() }) })
}

#[workflow]
async fn survey(site: Site, _before: Option<Site>, _other: Option<SurveyInput>, _pace: Pace) -> Result<Plan> {
    look(&site).await
}

#[workflow]
async fn again(site: Site) -> Result<Plan> {
    look(&site).await
}

fn components() -> flow::serde_json::Map<String, Value> {
    let service = Service::new(Runtime::builder()).workflow(survey).workflow(again);
    let document = service.openapi().unwrap();
    document["components"]["schemas"].as_object().unwrap().clone()
}

/// Collects all schemas nested in one.
fn inside<'s>(schema: &'s Value, found: &mut Vec<&'s Value>) {
    let parts = schema["properties"].as_object().into_iter().flat_map(|properties| properties.values());
    let arms = ["oneOf", "anyOf"].into_iter().flat_map(|keyword| schema[keyword].as_array().into_iter().flatten());
    for part in parts.chain(arms).chain(schema.get("items")) {
        found.push(part);
        inside(part, found);
    }
}

#[test]
fn no_two_components_have_one_name_in_any_style() {
    let mut seen = HashMap::new();
    for name in components().keys() {
        let letters = name.replace(['_', '-', '.'], "").to_lowercase();
        assert_eq!(seen.insert(letters, name.clone()), None, "{name}");
    }
    assert!(seen.contains_key("surveyinput") && seen.contains_key("surveyinput2"), "{seen:?}");
}

#[test]
fn every_object_is_a_component_and_no_component_has_another_name() {
    for (name, schema) in &components() {
        assert!(schema.get("title").is_none(), "{name}: {schema}");
        let mut parts = Vec::new();
        inside(schema, &mut parts);
        for part in parts {
            assert!(part.get("properties").is_none(), "an object is nested in `{name}`: {part}");
        }
    }
}

#[test]
fn arms_are_named_by_what_tells_them_apart() {
    let components = components();
    for name in ["Next_repair", "Next_repair_repair", "Next_replace", "Told_repair", "Told_replace"] {
        assert!(components.contains_key(name), "`{name}` is not in {:?}", components.keys());
    }
    assert_eq!(components["Told_repair"]["properties"]["kind"]["const"], "repair");
}

#[test]
fn an_enum_is_one_list_of_its_values() {
    let components = components();
    let description = "How soon.\n\n- `soon`: Within the week.\n- `late`: When there is time.";
    let pace = &components["Pace"];
    let mut values: Vec<_> = pace["enum"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    values.sort_unstable();
    assert_eq!((values, &pace["description"]), (vec!["late", "never", "soon"], &json!(description)));
    let reference = "#/components/schemas/Pace";
    assert_eq!(components["survey_input"]["properties"]["_pace"]["$ref"], reference);
    assert_eq!(components["survey_output"]["properties"]["pace"]["$ref"], reference);
}

#[test]
fn one_type_is_one_component_in_all_workflows() {
    let components = components();
    let site = json!({ "$ref": "#/components/schemas/Site" });
    assert_eq!(components["survey_input"]["properties"]["site"], site);
    assert_eq!(components["again_input"]["properties"]["site"], site);
    assert_eq!(components["survey_input"]["properties"]["_before"]["anyOf"][0], site);
    assert_eq!(components.keys().filter(|name| name.contains("Site")).count(), 1);
}
