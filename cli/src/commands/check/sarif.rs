//! A checked policy as SARIF 2.1.0 (OASIS, 2020): what code scanning reads.

use std::io::Write;
use std::path::{Component, Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rules::policy::{Code, Diagnostic, Label};
use serde_json::{Value, json};

use super::Checked;
use crate::exit::Failure;
use crate::lines::Lines;

/// What may stand in a part of a URI's path as it is (RFC 3986, 3.3).
const PART: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'+').remove(b'@');

pub(super) fn write(checked: &Checked, out: &mut impl Write) -> Result<(), Failure> {
    let uri = uri(Path::new(checked.name()));
    let results: Vec<Value> = checked.broken().map_or_else(Vec::new, |broken| {
        let lines = Lines::of(&broken.text);
        broken.mistakes.0.iter().map(|one| result(one, &lines, &uri)).collect()
    });
    let rules: Vec<Value> = Code::ALL
        .iter()
        .map(|code| {
            json!({
                "id": code.name(),
                "fullDescription": { "text": code.explain() },
                "defaultConfiguration": { "level": "error" },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "channel-flow",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            // Columns are counted in characters.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)?;
    Ok(())
}

fn result(diagnostic: &Diagnostic, lines: &Lines<'_>, uri: &str) -> Value {
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str("; ");
        text.push_str(help);
    }
    let mut places = diagnostic.labels.iter().map(|label| location(label, lines, uri));
    let first: Vec<Value> = places.by_ref().take(1).collect();
    let related: Vec<Value> = places.collect();
    let index = Code::ALL.iter().position(|code| *code == diagnostic.code);
    let mut result = json!({
        "ruleId": diagnostic.code.name(),
        "ruleIndex": index,
        "level": "error",
        "message": { "text": text },
        "locations": first,
    });
    if let Some(object) = result.as_object_mut().filter(|_| !related.is_empty()) {
        object.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    result
}

fn location(label: &Label, lines: &Lines<'_>, uri: &str) -> Value {
    let (start, end) = (lines.position(label.range.start), lines.position(label.range.end));
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    });
    if let Some(object) = location.as_object_mut().filter(|_| !label.text.is_empty()) {
        object.insert("message".to_owned(), json!({ "text": label.text }));
    }
    location
}

/// The URI of a path: relative as it is, absolute with its scheme.
fn uri(path: &Path) -> String {
    let parts = path.components().filter_map(|component| match component {
        Component::Normal(part) => {
            Some(utf8_percent_encode(&part.to_string_lossy(), PART).to_string())
        }
        Component::ParentDir => Some("..".to_owned()),
        // A drive's letter, as file URIs write it.
        Component::Prefix(prefix) => Some(prefix.as_os_str().to_string_lossy().replace('\\', "/")),
        Component::CurDir | Component::RootDir => None,
    });
    let path_text = parts.collect::<Vec<_>>().join("/");
    if path.has_root() { format!("file:///{path_text}") } else { path_text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri(Path::new("policies/a b#1.toml")), "policies/a%20b%231.toml");
        assert_eq!(uri(Path::new("./policy.toml")), "policy.toml");
        assert_eq!(uri(Path::new("../é.toml")), "../%C3%A9.toml");
        #[cfg(unix)]
        assert_eq!(uri(Path::new("/srv/policy.toml")), "file:///srv/policy.toml");
    }
}
