use super::*;
use crate::provider::SchemaSupport;

fn served(name: &str, set: &[(&str, &str)]) -> Result<String, String> {
    let variable = |wanted: &str| set.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned());
    let provider = provider_from(name, &variable).map_err(|error| error.lack().to_owned())?;
    Ok(provider.name().to_owned())
}

#[test]
fn each_provider_has_its_variables() {
    for (name, variable) in [
        ("openai", "OPENAI_API_KEY"),
        ("openai", "OPENAI_BASE_URL"),
        ("anthropic", "ANTHROPIC_API_KEY"),
        ("anthropic", "ANTHROPIC_BASE_URL"),
        ("gemini", "GEMINI_API_KEY"),
        ("gemini", "GOOGLE_API_KEY"),
        ("gemini", "GEMINI_BASE_URL"),
        ("my-server", "FLOW_MY_SERVER_BASE_URL"),
    ] {
        assert_eq!(served(name, &[(variable, "x")]), Ok(name.to_owned()), "{variable}");
        assert!(served(name, &[(variable, " ")]).unwrap_err().ends_with(&format!("for `{name}`")), "{variable}");
    }
    assert_eq!(served("ollama", &[]), Ok("ollama".to_owned()));
}

#[test]
fn what_is_missing_is_named_with_the_way_out() {
    let error = provider_from("anthropic", &|_| None).unwrap_err();
    assert_eq!(error.lack(), "no API key for `anthropic`");
    assert_eq!(error.to_string(), "no API key for `anthropic`: set ANTHROPIC_API_KEY");
    assert_eq!(served("my-server", &[("FLOW_MY_SERVER_API_KEY", "x")]), Err("no address for `my-server`".into()));
    let error = provider_from("my-server", &|_| None).unwrap_err().to_string();
    assert!(error.starts_with("no address for `my-server`: set FLOW_MY_SERVER_BASE_URL to"), "{error}");
}

#[test]
fn what_an_endpoint_takes_of_a_schema_can_be_said() {
    let provider = |value: &'static str| {
        provider_from("deepseek", &move |name| match name {
            "FLOW_DEEPSEEK_BASE_URL" => Some("https://api.deepseek.com".to_owned()),
            "FLOW_DEEPSEEK_SCHEMA" => Some(value.to_owned()),
            _ => None,
        })
    };
    let model = Model::new("deepseek/deepseek-v4-pro");
    for name in SchemaSupport::names() {
        let able = provider(name).unwrap().capabilities(&model);
        assert_eq!(Some(able.schema), SchemaSupport::named(name));
    }
    assert_eq!(provider(" ").unwrap().capabilities(&model).schema, SchemaSupport::JsonMode);
    let error = provider("josn").unwrap_err();
    assert_eq!(error.lack(), "unknown schema support `josn` in FLOW_DEEPSEEK_SCHEMA");
}

#[test]
fn tools_and_the_api_can_be_said() {
    let acme = |variable: &'static str, value: &'static str| {
        let variables = move |name: &str| match name {
            "FLOW_ACME_BASE_URL" => Some("http://127.0.0.1/v1".to_owned()),
            name if name == variable => Some(value.to_owned()),
            _ => None,
        };
        let able = |provider: Arc<dyn Provider>| provider.capabilities(&Model::new("acme/tiny")).tools;
        provider_from("acme", &variables).map(able).map_err(|error| error.to_string())
    };
    assert_eq!(acme("FLOW_ACME_TOOLS", "false"), Ok(false));
    assert_eq!(acme("FLOW_ACME_TOOLS", " true "), Ok(true));
    let told = "unknown value `no` in FLOW_ACME_TOOLS: set it to `true` or `false`";
    assert_eq!(acme("FLOW_ACME_TOOLS", "no"), Err(told.to_owned()));
    assert!(acme("FLOW_ACME_API", "responses").is_ok() && acme("FLOW_ACME_API", "chat").is_ok());
    let told = "unknown API `completions` in FLOW_ACME_API: set it to `chat` or `responses`";
    assert_eq!(acme("FLOW_ACME_API", "completions"), Err(told.to_owned()));
}

#[test]
fn azure_has_the_variables_of_its_own_clients() {
    const ENDPOINT: (&str, &str) = ("AZURE_OPENAI_ENDPOINT", "https://name.openai.azure.com");
    const KEY: (&str, &str) = ("AZURE_OPENAI_API_KEY", "key");
    for (set, outcome) in [
        (&[ENDPOINT, KEY][..], Ok("azure".to_owned())),
        (&[ENDPOINT, ("AZURE_OPENAI_AD_TOKEN", "token")], Ok("azure".to_owned())),
        (&[ENDPOINT, KEY, ("FLOW_AZURE_DEPLOYMENTS", "fast=gpt-5-mini, smart = gpt-6-sol,")], Ok("azure".to_owned())),
        (&[KEY], Err("no endpoint for `azure`".to_owned())),
        (&[ENDPOINT], Err("no API key for `azure`".to_owned())),
        (
            &[ENDPOINT, KEY, ("FLOW_AZURE_DEPLOYMENTS", "fast")],
            Err("unknown deployment `fast` in FLOW_AZURE_DEPLOYMENTS".to_owned()),
        ),
    ] {
        assert_eq!(served("azure", set), outcome, "{set:?}");
    }
}

#[test]
fn vertex_needs_a_project_and_a_token() {
    const PROJECT: (&str, &str) = ("GOOGLE_CLOUD_PROJECT", "my-project");
    const TOKEN: (&str, &str) = ("GOOGLE_OAUTH_ACCESS_TOKEN", "ya29");
    for (set, outcome) in [
        (&[PROJECT, TOKEN][..], Ok("vertex".to_owned())),
        (&[PROJECT, TOKEN, ("GOOGLE_CLOUD_LOCATION", "eu")], Ok("vertex".to_owned())),
        (&[TOKEN], Err("no project for `vertex`".to_owned())),
        (&[PROJECT], Err("no token for `vertex`".to_owned())),
    ] {
        assert_eq!(served("vertex", set), outcome, "{set:?}");
    }
}

#[cfg(feature = "bedrock")]
#[test]
fn bedrock_needs_a_region_and_a_key_or_credentials() {
    const REGION: (&str, &str) = ("AWS_REGION", "us-east-1");
    const ID: (&str, &str) = ("AWS_ACCESS_KEY_ID", "AKIA");
    const SECRET: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", "secret");
    let right = || Ok("bedrock".to_owned());
    for (set, outcome) in [
        (&[REGION, ("AWS_BEARER_TOKEN_BEDROCK", "key")][..], right()),
        (&[REGION, ID, SECRET], right()),
        (&[("AWS_DEFAULT_REGION", "us-east-1"), ID, SECRET, ("AWS_SESSION_TOKEN", "token")], right()),
        (&[ID, SECRET], Err("no region for `bedrock`".to_owned())),
        (&[REGION], Err("no API key for `bedrock`".to_owned())),
        (&[REGION, ID], Err("no secret for `bedrock`".to_owned())),
    ] {
        assert_eq!(served("bedrock", set), outcome, "{set:?}");
    }
}

#[cfg(not(feature = "bedrock"))]
#[test]
fn bedrock_needs_its_feature() {
    let lack = "the program has no provider `bedrock` and was built without the feature `bedrock`";
    assert_eq!(served("bedrock", &[]), Err(lack.to_owned()));
}

#[test]
fn the_levels_of_effort_can_be_said() {
    let served = |value: &'static str| {
        let variables = move |name: &str| match name {
            "FLOW_ACME_BASE_URL" => Some("http://127.0.0.1/v1".to_owned()),
            "FLOW_ACME_EFFORT" => Some(value.to_owned()),
            _ => None,
        };
        provider_from("acme", &variables).map(|_| ()).map_err(|error| error.lack().to_owned())
    };
    for right in ["low,high", " low , high ", "none", "unsupported", ""] {
        assert_eq!(served(right), Ok(()), "{right}");
    }
    for wrong in ["lots", "low,lots"] {
        assert_eq!(served(wrong), Err("unknown effort level `lots` in FLOW_ACME_EFFORT".into()));
    }
}

#[test]
fn a_model_is_replaced_by_its_name() {
    let fast = |value: &'static str| {
        replacement_from("fast-one", &move |name| (name == "FLOW_MODEL_FAST_ONE").then(|| value.to_owned()))
    };
    assert_eq!(fast("anthropic/claude-haiku-4-5").unwrap().unwrap().id(), "anthropic/claude-haiku-4-5");
    assert_eq!(fast(" ").unwrap(), None);
    let text = fast("gpt").unwrap_err();
    assert_eq!(
        text,
        "FLOW_MODEL_FAST_ONE is invalid: `gpt` is not a model name: expected `provider/name`, such as `openai/gpt-5-mini`"
    );
}
