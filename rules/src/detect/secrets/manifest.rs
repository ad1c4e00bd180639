//! Secrets in manifests of Kubernetes.

use std::ops::Range;

use super::catalog::{Sign, Signs};
use super::placeholder::is_placeholder;

/// The least length of a value in base64.
const LEAST_VALUE: usize = 10;

/// What stands before the values.
pub(super) const DATA: &str = "data:";

/// Reports the values under `data:` in documents of `kind: Secret`.
pub(super) fn values(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    if signs.of(Sign::Manifest).next().is_none() {
        return;
    }
    let mut start = 0;
    for document in text.split("\n---") {
        if document.lines().any(is_secret) {
            data(document, |range| found(start + range.start..start + range.end));
        }
        start += document.len() + "\n---".len();
    }
}

/// Whether the line says that the document is a secret.
fn is_secret(line: &str) -> bool {
    let kind = line.trim_ascii().trim_start_matches("- ").strip_prefix("kind:");
    kind.is_some_and(|kind| {
        let kind = kind.split('#').next().unwrap_or_default();
        kind.trim_matches([' ', '\t', '"', '\'']).eq_ignore_ascii_case("secret")
    })
}

/// Reports the values in the lines below `data:` that are further in.
fn data(document: &str, mut found: impl FnMut(Range<usize>)) {
    let mut at = 0;
    let mut depth = None;
    for line in document.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let inner = line.trim_ascii();
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if inner == DATA {
            depth = Some(indent);
            continue;
        }
        if inner.is_empty() {
            continue;
        }
        if depth.is_none_or(|depth| indent <= depth) {
            depth = None;
            continue;
        }
        // Either `name: value`, or a line of a value that began further up.
        let value = inner.split_once(':').map_or(inner, |(_, value)| value);
        let value = value.trim_matches([' ', '\t', '"', '\'']);
        let plain = value.trim_end_matches('=');
        let base64 =
            plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
        if base64
            && plain.len() >= LEAST_VALUE
            && !is_placeholder(value)
            && let Some(offset) = line.rfind(value)
        {
            found(start + offset..start + offset + value.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        values(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        all
    }

    #[test]
    fn other_kinds_and_templates_are_let_go() {
        for text in [
            "kind: ConfigMap\ndata:\n  a: bm90IHNlY3JldA==\n",
            "kind: Secret\ndata:\n  a: {{ .Values.a }}\n  b: \"\"\n",
            "kind: Secret\n---\nkind: ConfigMap\ndata:\n  a: bm90IHNlY3JldA==\n",
            "kind: Secret\ndata:\nmetadata:\n  name: notasecretatall\n",
        ] {
            assert_eq!(all(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_values_of_a_secret_are_found() {
        let text = "apiVersion: v1\ndata:\n  a: 'czNjcjN0LTlhYg=='\n  b: |\n    czNjcjN0LTlhYw\nkind: \"Secret\"\n";
        assert_eq!(all(text), ["czNjcjN0LTlhYg==", "czNjcjN0LTlhYw"]);
    }
}
