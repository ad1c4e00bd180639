//! A new detector's first files, so that none of its parts is forgotten.

use std::fs;
use std::path::Path;

/// Writes the detector's file and page and adds it to the list. What it finds is its author's work:
/// the near misses in the page come first, and the page's tests fail until it finds its example.
pub(crate) fn run(root: &Path, name: &str) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) || name.starts_with('-') || name.ends_with('-') {
        return Err(format!("`{name}` is not kebab-case, such as `order-number`"));
    }
    let folder = root.join("rules/src/detect");
    let module = name.replace('-', "_");
    let (code, page) = (folder.join(format!("{module}.rs")), folder.join(format!("{module}.md")));
    if code.exists() || page.exists() {
        return Err(format!("there is a detector `{name}`"));
    }
    let kind: String = name
        .split('-')
        .map(|part| {
            part.chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(part.chars().skip(1))
                .collect::<String>()
        })
        .collect();
    let list = folder.join("mod.rs");
    let text = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let text = with_line(&text, "mod ", &format!("mod {module};"));
    let line = format!("    Definition::of::<{module}::{kind}>(),");
    let text = with_line(&text, "    Definition::of::<", &line);
    let write = |path: &Path, text: &str| {
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    };
    write(&code, &CODE.replace("NAME", name).replace("MODULE", &module).replace("KIND", &kind))?;
    write(&page, &PAGE.replace("NAME", name))?;
    write(&list, &text)?;
    println!("wrote {module}.rs and {module}.md in rules/src/detect and their line in mod.rs");
    println!("next: the page's near misses, then the scan, then `cargo xtask generate`");
    Ok(())
}

/// `text` with `line` put among the lines that begin with `prefix`, in their order. Lines of an
/// earlier block of such lines, parted by an empty line, stay as they are.
fn with_line(text: &str, prefix: &str, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|other| other.starts_with(prefix)).unwrap_or(lines.len());
    let first = lines
        .iter()
        .take(last)
        .rposition(|other| !other.starts_with(prefix))
        .map_or(0, |at| at + 1);
    let after =
        lines.iter().skip(first).take(last + 1 - first).filter(|other| **other < line).count();
    lines.insert(first + after, line);
    lines.join("\n") + "\n"
}

const CODE: &str = r#"use schemars::JsonSchema;
use serde::Deserialize;

use super::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, Build};

#[doc = include_str!("MODULE.md")]
pub(crate) struct KIND;

/// Options of `NAME`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "KINDOptions")]
pub(crate) struct Options {}

impl Detector for KIND {
    const NAME: &'static str = "NAME";
    const SUMMARY: &'static str = "the word NAME";
    const PAGE: &'static str = include_str!("MODULE.md");
    const LABEL: &'static str = "redacted";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = env!("CARGO_PKG_VERSION");
    type Options = Options;

    fn build(Options {}: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Scanner))
    }
}

const NAMED: Evidence = Evidence::of(&[("the word itself", 100)]);

struct Scanner;

impl TextDetector for Scanner {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        for (at, found) in scan.text().match_indices(KIND::NAME) {
            let range = at..at + found.len();
            if scan.stands_alone(&range) {
                hits.push(range, KIND::LABEL, NAMED);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn a_longer_word_is_left_alone() {
        assert!(found("NAME", "{}", "xNAME NAMEs").is_empty());
    }
}
"#;

const PAGE: &str = r#"# NAME

## What it finds
The word `NAME`, not as a part of another.

## Why
Say who needs it.

## Example
```toml
[[rule]]
id = "example"
detect = "NAME"
action = "redact"

[[test]]
name = "the word is hidden"
message = "a NAME here"
expect = { update = "a [redacted] here" }

[[test]]
name = "a longer word is not"
message = "a NAMEs here"
expect = "pass"
```

## Limits
Say what it misses on purpose.
"#;

#[cfg(test)]
mod tests {
    use super::with_line;

    #[test]
    fn a_line_is_put_in_order_into_the_last_block() {
        let text = "mod z;\n\nmod a;\nmod c;\nuse x;\n";
        assert_eq!(with_line(text, "mod ", "mod b;"), "mod z;\n\nmod a;\nmod b;\nmod c;\nuse x;\n");
        assert_eq!(with_line(text, "mod ", "mod d;"), "mod z;\n\nmod a;\nmod c;\nmod d;\nuse x;\n");
    }
}
