//! The JSON Schema of a policy, made of the types that read it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::source::{RuleSource, SettingsSource, TestSource, ThresholdsSource};
use crate::detect::{DETECTORS, Definition, groups};

/// The schema for editors and other tools, as JSON Schema 2020-12.
pub fn json_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let settings = generator.subschema_for::<SettingsSource>();
    let thresholds = generator.subschema_for::<ThresholdsSource>();
    let mut test = TestSource::json_schema(&mut generator);
    test.insert("required".to_owned(), json!(["name", "message", "expect"]));
    let rule = rule(&mut generator);
    let mut schema = json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "channel-flow policy",
        "description": "Rules for messages of Amazon Chime SDK messaging, in order: each sees the message as the rules before it left it; the first denial ends the run.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "settings": settings,
            "thresholds": thresholds,
            "rule": { "type": "array", "items": rule, "maxItems": super::load::MOST_RULES },
            "test": { "type": "array", "items": test },
        },
    });
    schema.insert("$defs".to_owned(), Value::Object(generator.take_definitions(true)));
    schema.to_value()
}

/// The schema of one detector's options, whole.
pub fn options_schema(definition: &Definition) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut generator = settings.into_generator();
    definition.schema(&mut generator).to_value()
}

/// A rule, with the options that its detector reads.
fn rule(generator: &mut SchemaGenerator) -> Schema {
    let mut rule = RuleSource::json_schema(generator);
    let names: Vec<Value> =
        DETECTORS.iter().map(|one| one.name).chain(groups()).map(Value::from).collect();
    let one = json!({ "enum": names });
    let detect = json!({
        "description": "A detector or group, or a list of them.",
        "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }],
    });
    let options = json!({
        "description": "Options of the detector; with several detectors, a table for each by its name.",
        "type": "object",
    });
    if let Some(properties) = rule.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("detect".to_owned(), detect);
        properties.insert("options".to_owned(), options);
    }
    let branches: Vec<Value> = DETECTORS
        .iter()
        .map(|definition| {
            let options = definition.schema(generator).to_value();
            json!({
                "if": { "properties": { "detect": { "const": definition.name } }, "required": ["detect"] },
                "then": { "properties": { "options": options } },
            })
        })
        .collect();
    rule.insert("allOf".to_owned(), Value::Array(branches));
    rule.insert("required".to_owned(), json!(["id", "detect", "action"]));
    rule
}
