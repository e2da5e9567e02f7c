//! The price table, from <https://github.com/pydantic/genai-prices> at 47df840a5ab1 (MIT), which gives for each model the source
//! page and the date it was checked; where it gives none, the date is that of the data, 2026-08-21.

use super::{Known, Price};

const ANTHROPIC: &str = "https://www.anthropic.com/pricing#api";
const BEDROCK: &str = "https://aws.amazon.com/bedrock/pricing/";
const DEEPSEEK: &str = "https://api-docs.deepseek.com/quick_start/pricing";
const GEMINI: &str = "https://ai.google.dev/gemini-api/docs/pricing";
const GROQ: &str = "https://groq.com/pricing/";
const MISTRAL: &str = "https://mistral.ai/pricing#api-pricing";
const OPENAI: &str = "https://developers.openai.com/api/docs/pricing";
const XAI: &str = "https://docs.x.ai/docs/models";

const fn row(source: &'static str, date: &'static str, model: &'static str, price: Price) -> Known {
    Known { model, price, date, source, verified: false }
}

/// The price table. Anthropic's cache-write price is the one for the five-minute cache, which is the one requested.
pub const KNOWN: &[Known] = &[
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-fable-5",
        Price::per_million("10", "50").cached("1").cache_write("12.5"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-haiku-4-5",
        Price::per_million("1", "5").cached("0.1").cache_write("1.25"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-opus-4-1",
        Price::per_million("15", "75").cached("1.5").cache_write("18.75"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-opus-4-5",
        Price::per_million("5", "25").cached("0.5").cache_write("6.25"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-opus-4-6",
        Price::per_million("5", "25").cached("0.5").cache_write("6.25"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-opus-4-7",
        Price::per_million("5", "25").cached("0.5").cache_write("6.25"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-opus-4-8",
        Price::per_million("5", "25").cached("0.5").cache_write("6.25"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-opus-5",
        Price::per_million("5", "25").cached("0.5").cache_write("6.25"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-sonnet-4-5",
        Price::per_million("3", "15")
            .cached("0.3")
            .cache_write("3.75")
            .long_prompt(200_000, Price::per_million("6", "22.5").cached("0.6").cache_write("7.5")),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-sonnet-4-6",
        Price::per_million("3", "15").cached("0.3").cache_write("3.75"),
    ),
    row(
        ANTHROPIC,
        "2026-07-29",
        "anthropic/claude-sonnet-5",
        Price::per_million("3", "15").cached("0.3").cache_write("3.75"),
    ),
    row(BEDROCK, "2026-08-21", "bedrock/amazon.nova-lite-v1:0", Price::per_million("0.06", "0.24").cached("0.015")),
    row(BEDROCK, "2026-08-21", "bedrock/amazon.nova-micro-v1:0", Price::per_million("0.035", "0.14").cached("0.00875")),
    row(BEDROCK, "2026-08-21", "bedrock/amazon.nova-premier-v1:0", Price::per_million("2.5", "12.5").cached("0.625")),
    row(BEDROCK, "2026-08-21", "bedrock/amazon.nova-pro-v1:0", Price::per_million("0.8", "3.2").cached("0.2")),
    row(
        BEDROCK,
        "2026-06-11",
        "bedrock/global.amazon.nova-2-lite-v1:0",
        Price::per_million("0.3", "2.5").cached("0.075"),
    ),
    row(
        BEDROCK,
        "2026-08-21",
        "bedrock/global.anthropic.claude-haiku-4-5-20251001-v1:0",
        Price::per_million("1", "5").cached("0.1").cache_write("1.25"),
    ),
    row(
        BEDROCK,
        "2026-06-26",
        "bedrock/global.anthropic.claude-sonnet-4-6-v1:0",
        Price::per_million("3", "15").cached("0.3").cache_write("3.75"),
    ),
    row(DEEPSEEK, "2025-07-12", "deepseek/deepseek-chat", Price::per_million("0.27", "1.1").cached("0.07")),
    row(DEEPSEEK, "2025-07-12", "deepseek/deepseek-reasoner", Price::per_million("0.55", "2.19").cached("0.14")),
    row(DEEPSEEK, "2026-05-12", "deepseek/deepseek-v4-flash", Price::per_million("0.14", "0.28").cached("0.0028")),
    row(DEEPSEEK, "2026-06-02", "deepseek/deepseek-v4-pro", Price::per_million("0.435", "0.87").cached("0.003625")),
    row(GEMINI, "2025-07-04", "gemini/gemini-1.0-pro-vision-001", Price::per_million("0.125", "0.375")),
    row(
        GEMINI,
        "2025-07-04",
        "gemini/gemini-1.5-flash",
        Price::per_million("0.075", "0.3")
            .cached("0.01875")
            .long_prompt(128_000, Price::per_million("0.15", "0.6").cached("0.0375")),
    ),
    row(
        GEMINI,
        "2025-06-22",
        "gemini/gemini-1.5-pro",
        Price::per_million("1.25", "5").long_prompt(128_000, Price::per_million("2.5", "10")),
    ),
    row(GEMINI, "2025-07-04", "gemini/gemini-2.0-flash", Price::per_million("0.1", "0.4").cached("0.025")),
    row(GEMINI, "2025-07-04", "gemini/gemini-2.0-flash-lite", Price::per_million("0.075", "0.3")),
    row(GEMINI, "2025-10-31", "gemini/gemini-2.5-flash", Price::per_million("0.3", "2.5").cached("0.03")),
    row(GEMINI, "2026-07-22", "gemini/gemini-2.5-flash-image", Price::per_million("0.3", "2.5")),
    row(GEMINI, "2025-10-31", "gemini/gemini-2.5-flash-lite", Price::per_million("0.1", "0.4").cached("0.01")),
    row(GEMINI, "2025-10-31", "gemini/gemini-2.5-flash-preview", Price::per_million("0.15", "0.6")),
    row(
        GEMINI,
        "2025-10-31",
        "gemini/gemini-2.5-pro",
        Price::per_million("1.25", "10")
            .cached("0.125")
            .long_prompt(200_000, Price::per_million("2.5", "15").cached("0.25")),
    ),
    row(GEMINI, "2025-12-19", "gemini/gemini-3-flash-preview", Price::per_million("0.5", "3").cached("0.05")),
    row(GEMINI, "2026-07-22", "gemini/gemini-3-pro-image-preview", Price::per_million("2", "12")),
    row(
        GEMINI,
        "2025-11-18",
        "gemini/gemini-3-pro-preview",
        Price::per_million("2", "12").cached("0.2").long_prompt(200_000, Price::per_million("4", "18").cached("0.4")),
    ),
    row(GEMINI, "2026-07-22", "gemini/gemini-3.1-flash-image-preview", Price::per_million("0.5", "3")),
    row(GEMINI, "2026-05-12", "gemini/gemini-3.1-flash-lite", Price::per_million("0.25", "1.5").cached("0.025")),
    row(GEMINI, "2026-07-22", "gemini/gemini-3.1-flash-lite-image", Price::per_million("0.25", "1.5")),
    row(GEMINI, "2026-07-22", "gemini/gemini-3.1-flash-live-preview", Price::per_million("0.75", "4.5")),
    row(
        GEMINI,
        "2026-02-23",
        "gemini/gemini-3.1-pro-preview",
        Price::per_million("2", "12").cached("0.2").long_prompt(200_000, Price::per_million("4", "18").cached("0.4")),
    ),
    row(GEMINI, "2026-05-19", "gemini/gemini-3.5-flash", Price::per_million("1.5", "9").cached("0.15")),
    row(GEMINI, "2026-07-22", "gemini/gemini-3.5-flash-lite", Price::per_million("0.3", "2.5").cached("0.03")),
    row(GEMINI, "2026-08-13", "gemini/gemini-3.6-flash", Price::per_million("0.75", "3.75").cached("0.075")),
    row(GEMINI, "2026-08-13", "gemini/gemini-3.7-flash", Price::per_million("0.75", "3.75").cached("0.075")),
    row(GEMINI, "2026-08-21", "gemini/gemini-embedding-001", Price::per_million("0.15", "0")),
    row(GEMINI, "2026-07-22", "gemini/gemini-embedding-2", Price::per_million("0.2", "0")),
    row(
        GEMINI,
        "2025-07-05",
        "gemini/gemini-flash-1.5",
        Price::per_million("0.075", "0.3")
            .cached("0.01875")
            .long_prompt(128_000, Price::per_million("0.15", "0.6").cached("0.0375")),
    ),
    row(
        GEMINI,
        "2025-07-05",
        "gemini/gemini-flash-1.5-8b",
        Price::per_million("0.0375", "0.15")
            .cached("0.01")
            .long_prompt(128_000, Price::per_million("0.075", "0.3").cached("0.02")),
    ),
    row(GEMINI, "2026-07-24", "gemini/gemini-live-2.5-flash", Price::per_million("0.5", "2")),
    row(GEMINI, "2026-07-22", "gemini/gemini-omni-flash-preview", Price::per_million("1.5", "9")),
    row(GEMINI, "2025-07-04", "gemini/gemini-pro", Price::per_million("0.125", "0.375")),
    row(
        GEMINI,
        "2025-07-05",
        "gemini/gemini-pro-1.5",
        Price::per_million("1.25", "5")
            .cached("0.3125")
            .long_prompt(128_000, Price::per_million("2.5", "10").cached("0.625")),
    ),
    row(GROQ, "2025-08-12", "groq/llama-3.1-8b-instant", Price::per_million("0.05", "0.08")),
    row(GROQ, "2025-08-12", "groq/llama-3.3-70b-versatile", Price::per_million("0.59", "0.79")),
    row(GROQ, "2025-08-12", "groq/meta-llama/llama-4-scout-17b-16e-instruct", Price::per_million("0.11", "0.34")),
    row(GROQ, "2025-08-06", "groq/openai/gpt-oss-120b", Price::per_million("0.15", "0.6").cached("0.075")),
    row(GROQ, "2025-08-06", "groq/openai/gpt-oss-20b", Price::per_million("0.075", "0.3").cached("0.0375")),
    row(GROQ, "2025-08-12", "groq/qwen/qwen3-32b", Price::per_million("0.29", "0.59")),
    row(MISTRAL, "2025-07-04", "mistral/codestral", Price::per_million("0.3", "0.9")),
    row(MISTRAL, "2026-06-09", "mistral/codestral-2508", Price::per_million("0.3", "0.9").cached("0.03")),
    row(MISTRAL, "2026-06-09", "mistral/devstral-2512", Price::per_million("0.4", "2").cached("0.04")),
    row(MISTRAL, "2026-08-21", "mistral/devstral-small", Price::per_million("0.06", "0.12")),
    row(MISTRAL, "2026-08-21", "mistral/devstral-small:free", Price::FREE),
    row(MISTRAL, "2025-08-12", "mistral/magistral-medium", Price::per_million("2", "5")),
    row(MISTRAL, "2025-08-12", "mistral/magistral-small", Price::per_million("0.5", "1.5")),
    row(MISTRAL, "2026-06-09", "mistral/ministral-14b-2512", Price::per_million("0.2", "0.2").cached("0.02")),
    row(MISTRAL, "2026-08-21", "mistral/ministral-3b", Price::per_million("0.04", "0.04")),
    row(MISTRAL, "2026-06-09", "mistral/ministral-3b-2512", Price::per_million("0.1", "0.1").cached("0.01")),
    row(MISTRAL, "2025-08-12", "mistral/ministral-8b", Price::per_million("0.1", "1")),
    row(MISTRAL, "2025-08-12", "mistral/mistral-7b", Price::per_million("0.25", "0.25")),
    row(MISTRAL, "2026-08-21", "mistral/mistral-embed", Price::per_million("0.1", "0.1")),
    row(MISTRAL, "2025-07-04", "mistral/mistral-large", Price::per_million("2", "6")),
    row(MISTRAL, "2026-06-09", "mistral/mistral-large-2512", Price::per_million("0.5", "1.5").cached("0.05")),
    row(MISTRAL, "2025-08-12", "mistral/mistral-medium-3", Price::per_million("0.4", "2")),
    row(MISTRAL, "2025-07-04", "mistral/mistral-nemo", Price::per_million("0.15", "0.15")),
    row(MISTRAL, "2026-08-21", "mistral/mistral-nemo:free", Price::FREE),
    row(MISTRAL, "2025-07-04", "mistral/mistral-saba", Price::per_million("0.2", "0.6")),
    row(MISTRAL, "2025-07-05", "mistral/mistral-small-24b-instruct-2501", Price::per_million("0.05", "0.08")),
    row(MISTRAL, "2026-08-21", "mistral/mistral-small-24b-instruct-2501:free", Price::FREE),
    row(MISTRAL, "2026-06-09", "mistral/mistral-small-2603", Price::per_million("0.15", "0.6").cached("0.015")),
    row(MISTRAL, "2026-06-09", "mistral/mistral-small-3.1-24b-instruct", Price::per_million("0.351", "0.555")),
    row(MISTRAL, "2026-06-09", "mistral/mistral-small-3.2-24b-instruct", Price::per_million("0.075", "0.2")),
    row(MISTRAL, "2025-07-04", "mistral/mistral-small-latest", Price::per_million("0.1", "0.3")),
    row(MISTRAL, "2026-08-21", "mistral/mistral-tiny", Price::per_million("0.25", "0.25")),
    row(MISTRAL, "2026-08-21", "mistral/mixtral-8x22b-instruct", Price::per_million("0.9", "0.9")),
    row(MISTRAL, "2025-08-12", "mistral/mixtral-8x7b", Price::per_million("0.7", "0.7")),
    row(MISTRAL, "2025-07-04", "mistral/pixtral-12b", Price::per_million("0.15", "0.15")),
    row(MISTRAL, "2026-08-21", "mistral/pixtral-large", Price::per_million("2", "6")),
    row(MISTRAL, "2026-06-09", "mistral/voxtral-small-24b-2507", Price::per_million("0.1", "0.3").cached("0.01")),
    row(OPENAI, "2025-07-04", "openai/gpt-4.1", Price::per_million("2", "8").cached("0.5")),
    row(OPENAI, "2025-07-04", "openai/gpt-4.1-mini", Price::per_million("0.4", "1.6").cached("0.1")),
    row(OPENAI, "2025-07-04", "openai/gpt-4.1-nano", Price::per_million("0.1", "0.4").cached("0.025")),
    row(OPENAI, "2025-07-04", "openai/gpt-4o", Price::per_million("2.5", "10").cached("1.25")),
    row(OPENAI, "2025-07-04", "openai/gpt-4o-mini", Price::per_million("0.15", "0.6").cached("0.075")),
    row(OPENAI, "2025-11-13", "openai/gpt-5", Price::per_million("1.25", "10").cached("0.125")),
    row(OPENAI, "2025-11-13", "openai/gpt-5-mini", Price::per_million("0.25", "2").cached("0.025")),
    row(OPENAI, "2025-11-13", "openai/gpt-5-nano", Price::per_million("0.05", "0.4").cached("0.005")),
    row(OPENAI, "2025-11-13", "openai/gpt-5.1", Price::per_million("1.25", "10").cached("0.125")),
    row(OPENAI, "2025-12-11", "openai/gpt-5.2", Price::per_million("1.75", "14").cached("0.175")),
    row(
        OPENAI,
        "2026-03-06",
        "openai/gpt-5.4",
        Price::per_million("2.5", "15")
            .cached("0.25")
            .long_prompt(272_000, Price::per_million("5", "22.5").cached("0.5")),
    ),
    row(OPENAI, "2026-03-18", "openai/gpt-5.4-mini", Price::per_million("0.75", "4.5").cached("0.075")),
    row(OPENAI, "2026-03-18", "openai/gpt-5.4-nano", Price::per_million("0.2", "1.25").cached("0.02")),
    row(OPENAI, "2026-04-24", "openai/gpt-5.5", Price::per_million("5", "30").cached("0.5")),
    row(
        OPENAI,
        "2026-08-02",
        "openai/gpt-5.6-luna",
        Price::per_million("0.2", "1.2")
            .cached("0.02")
            .cache_write("0.25")
            .long_prompt(272_000, Price::per_million("0.4", "1.8").cached("0.04").cache_write("0.5")),
    ),
    row(
        OPENAI,
        "2026-08-02",
        "openai/gpt-5.6-sol",
        Price::per_million("5", "30")
            .cached("0.5")
            .cache_write("6.25")
            .long_prompt(272_000, Price::per_million("10", "45").cached("1").cache_write("12.5")),
    ),
    row(
        OPENAI,
        "2026-08-02",
        "openai/gpt-5.6-terra",
        Price::per_million("2", "12")
            .cached("0.2")
            .cache_write("2.5")
            .long_prompt(272_000, Price::per_million("4", "18").cached("0.4").cache_write("5")),
    ),
    row(OPENAI, "2025-07-12", "openai/o3", Price::per_million("2", "8").cached("0.5")),
    row(OPENAI, "2025-07-04", "openai/o4-mini", Price::per_million("1.1", "4.4").cached("0.275")),
    row(XAI, "2025-07-12", "xai/grok-3-mini", Price::per_million("0.3", "0.5").cached("0.075")),
    row(XAI, "2025-07-12", "xai/grok-4-0709", Price::per_million("3", "15").cached("0.75")),
    row(XAI, "2026-01-19", "xai/grok-4-1-fast-non-reasoning", Price::per_million("0.2", "0.5").cached("0.05")),
    row(XAI, "2026-01-19", "xai/grok-4-1-fast-reasoning", Price::per_million("0.2", "0.5").cached("0.05")),
    row(XAI, "2026-06-09", "xai/grok-4.20", Price::per_million("1.25", "2.5").cached("0.2")),
    row(XAI, "2026-05-12", "xai/grok-4.3", Price::per_million("1.25", "2.5").cached("0.2")),
    row(XAI, "2026-07-08", "xai/grok-4.5", Price::per_million("2", "6").cached("0.5")),
];
