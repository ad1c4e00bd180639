//! Files that are made from the code, so that they cannot drift from it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rules::detect::{DETECTORS, Definition};
use rules::policy::{Code, json_schema, options_schema};
use serde_json::{Map, Value};

const NOTE: &str = "<!-- Made by `cargo xtask generate`; edit the code, not this file. -->\n\n";
const DETECTOR_PAGES: &str = "docs/detectors";

/// Writes the files, or, with `check`, says which are stale.
pub(crate) fn run(root: &Path, check: bool) -> Result<(), String> {
    let files = files();
    let mut stale = Vec::new();
    for (path, text) in &files {
        let path = root.join(path);
        if fs::read_to_string(&path).ok().as_ref() == Some(text) {
            continue;
        }
        stale.push(path.display().to_string());
        if !check {
            let folder = path.parent().unwrap_or(root);
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    for path in orphans(root, &files)? {
        stale.push(path.clone());
        if !check {
            fs::remove_file(&path).map_err(|error| format!("{path}: {error}"))?;
        }
    }
    if check && !stale.is_empty() {
        return Err(format!("stale: {}\nrun `cargo xtask generate`", stale.join(", ")));
    }
    Ok(())
}

/// Pages of detectors that are gone.
fn orphans(root: &Path, files: &[(String, String)]) -> Result<Vec<String>, String> {
    let made: BTreeSet<_> = files.iter().map(|(path, _)| root.join(path)).collect();
    let Ok(folder) = fs::read_dir(root.join(DETECTOR_PAGES)) else { return Ok(Vec::new()) };
    let mut orphans = Vec::new();
    for entry in folder {
        let path = entry.map_err(|error| error.to_string())?.path();
        if !made.contains(&path) {
            orphans.push(path.display().to_string());
        }
    }
    Ok(orphans)
}

/// Path below the root, and text, of every generated file.
fn files() -> Vec<(String, String)> {
    let mut schema = serde_json::to_string_pretty(&json_schema()).unwrap_or_default();
    schema.push('\n');
    let mut files = vec![
        ("policy.schema.json".to_owned(), schema),
        ("docs/policy.md".to_owned(), policy_page(&json_schema())),
        ("docs/mistakes.md".to_owned(), mistakes_page()),
        (format!("{DETECTOR_PAGES}/README.md"), index_page()),
    ];
    files.extend(
        DETECTORS
            .iter()
            .map(|one| (format!("{DETECTOR_PAGES}/{}.md", one.name), detector_page(one))),
    );
    files
}

fn index_page() -> String {
    let mut page = format!(
        "{NOTE}# Detectors\n\n| detector | finds | label | groups | actions |\n| --- | --- | --- | --- | --- |\n"
    );
    for one in DETECTORS {
        let actions: Vec<&str> = one.actions.iter().map(|action| action.name()).collect();
        let _written = writeln!(
            page,
            "| [`{0}`]({0}.md) | {1} | `[{2}]` | {3} | {4} |",
            one.name,
            one.summary,
            one.label,
            one.groups.join(", "),
            actions.join(", ")
        );
    }
    page
}

fn detector_page(definition: &Definition) -> String {
    let schema = options_schema(definition);
    let mut page = format!("{NOTE}{}\n", definition.page().trim_end());
    page.push_str("\n## Options\n\n");
    match schema.get("properties").and_then(Value::as_object) {
        Some(properties) if !properties.is_empty() => {
            page.push_str(&table(properties, &schema, &Value::Null));
        }
        _ => page.push_str("None.\n"),
    }
    let _written =
        write!(page, "\nSince {}. A label writes `[{}]`.\n", definition.since, definition.label);
    page
}

fn mistakes_page() -> String {
    let mut page = format!(
        "{NOTE}# Mistakes in a policy\n\nThe names are stable. `channel-flow check --explain CODE` prints the same.\n"
    );
    for code in Code::ALL {
        let _written = write!(page, "\n## {code}\n{}\n", code.explain());
    }
    page
}

/// The keys of a policy, table by table.
fn policy_page(schema: &Value) -> String {
    let mut page = format!(
        "{NOTE}# The policy file, key by key\n\n{}\n",
        at(schema, "description").as_str().unwrap_or_default()
    );
    let properties = at(schema, "properties");
    let rule = at(at(properties, "rule"), "items");
    let sections: [(&str, &Value); 3] = [
        ("`[settings]`", at(properties, "settings")),
        ("`[[rule]]`", rule),
        ("`[[test]]`", at(at(properties, "test"), "items")),
    ];
    for (title, section) in sections {
        let section = resolve(section, schema);
        let _written = write!(page, "\n## {title}\n\n");
        if let Some(keys) = at(section, "properties").as_object() {
            page.push_str(&table(keys, section, schema));
        }
    }
    if let Some(definitions) = at(schema, "$defs").as_object() {
        for (name, definition) in definitions {
            let shown = ["Settings", "Test"].contains(&name.as_str());
            let Some(keys) = at(definition, "properties").as_object().filter(|_| !shown) else {
                continue;
            };
            let about = at(definition, "description").as_str().unwrap_or_default();
            let _written = write!(page, "\n## {name}\n\n{about}\n\n");
            page.push_str(&table(keys, definition, schema));
        }
    }
    page
}

fn table(keys: &Map<String, Value>, section: &Value, root: &Value) -> String {
    let required: Vec<&str> = at(section, "required")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut table = "| key | value | meaning |\n| --- | --- | --- |\n".to_owned();
    for (key, schema) in keys {
        let about = [schema, resolve(schema, root)]
            .into_iter()
            .find_map(|schema| at(schema, "description").as_str())
            .unwrap_or_default()
            .replace('\n', " ");
        let must = if required.contains(&key.as_str()) { " **Required.**" } else { "" };
        let default = match schema.get("default") {
            Some(value) if !value.is_null() && !value.as_object().is_some_and(Map::is_empty) => {
                format!(" Default: `{value}`.")
            }
            _ => String::new(),
        };
        let _written = writeln!(
            table,
            "| `{key}` | {} | {about}{must}{default} |",
            kind(schema, root).replace('|', "\\|")
        );
    }
    table
}

/// The value of a key, `null` where there is none.
fn at<'a>(schema: &'a Value, key: &str) -> &'a Value {
    schema.get(key).unwrap_or(&Value::Null)
}

fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let name = at(schema, "$ref").as_str().and_then(|path| path.strip_prefix("#/$defs/"));
    name.map_or(schema, |name| at(at(root, "$defs"), name))
}

/// What a value may be, in a few words.
fn kind(schema: &Value, root: &Value) -> String {
    if let Some(name) = at(schema, "$ref").as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        let target = resolve(schema, root);
        return if at(target, "properties").is_object() {
            format!("table: {name}")
        } else {
            kind(target, root)
        };
    }
    if let Some(value) = schema.get("const") {
        return format!("`{value}`");
    }
    if let Some(values) = at(schema, "enum").as_array() {
        let values: Vec<_> =
            values.iter().filter(|one| !one.is_null()).map(|one| format!("`{one}`")).collect();
        return if values.len() > 12 { "a name".to_owned() } else { values.join(" or ") };
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(branches) = at(schema, key).as_array() {
            let mut kinds: Vec<_> = branches
                .iter()
                .filter(|one| at(one, "type") != "null")
                .map(|one| kind(one, root))
                .collect();
            kinds.dedup();
            return kinds.join(" or ");
        }
    }
    let name = match at(schema, "type") {
        Value::Array(names) => {
            names.iter().find_map(|name| name.as_str().filter(|one| *one != "null"))
        }
        name => name.as_str(),
    };
    match name {
        Some("array") => format!("list of {}", kind(at(schema, "items"), root)),
        Some("object") => "table".to_owned(),
        Some("integer") => "whole number".to_owned(),
        Some(name) => name.to_owned(),
        None => "any".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_fresh() {
        super::run(&crate::root(), true).unwrap();
    }
}
