//! What a policy's own redactions leave in a text, so that nobody is blamed for it.
//!
//! A message that was redacted can be edited by its sender and judged again, so what we wrote is
//! known by what it is, not by where it was put.

use std::collections::BTreeSet;

use crate::operator::Operator;

/// What the redactions of a policy write.
#[derive(Default)]
pub(crate) struct Remains {
    /// The characters of its masks.
    masks: Vec<char>,
    /// Texts that stand for what was found, each the same wherever it stands. In order.
    texts: BTreeSet<String>,
    /// Whether there are labels, perhaps with a code in them.
    labels: bool,
}

impl Remains {
    /// What these operators write, and the placeholder.
    pub(crate) fn of<'a>(operators: impl Iterator<Item = &'a Operator>, placeholder: &str) -> Self {
        let mut remains =
            Self { texts: BTreeSet::from([placeholder.to_owned()]), ..Self::default() };
        for operator in operators {
            match operator {
                Operator::Label | Operator::Hash(_) => remains.labels = true,
                Operator::Mask(options) if !remains.masks.contains(&options.character) => {
                    remains.masks.push(options.character);
                }
                Operator::Fixed(text) => {
                    remains.texts.insert(text.clone());
                }
                Operator::Mask(_) | Operator::Remove => {}
            }
        }
        remains
    }

    /// Whether a redaction may have written all of `found`, a word or a part of one.
    pub(crate) fn has(&self, found: &str) -> bool {
        if found.is_empty() {
            return false;
        }
        let word = found.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        found.chars().all(|part| self.masks.contains(&part))
            || self.labels && is_label(word)
            || self.texts.contains(word)
    }
}

/// Whether a word looks like `[card]` or `[card:9f86d081]`.
fn is_label(word: &str) -> bool {
    let inside = word.strip_prefix('[').and_then(|word| word.strip_suffix(']'));
    let Some(inside) = inside else { return false };
    let (label, code) = inside.split_once(':').unwrap_or((inside, "0"));
    !label.is_empty()
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'0'..=b'9'))
        && !code.is_empty()
        && code.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::MaskOptions;

    #[test]
    fn nothing_is_left_by_nobody() {
        let remains = Remains::of(std::iter::empty(), "[removed]");
        for found in ["", "*", "****", "[card]", "a"] {
            assert!(!remains.has(found), "{found}");
        }
        assert!(remains.has("[removed]"));
    }

    #[test]
    fn masks_labels_and_fixed_texts_are_known_and_nothing_beside_them() {
        let operators = [
            Operator::Label,
            Operator::Mask(MaskOptions { character: '#', ..MaskOptions::default() }),
            Operator::Fixed("(hidden)".to_owned()),
        ];
        let remains = Remains::of(operators.iter(), "[removed]");
        for found in ["#", "####", "[card]", "[gb-nhs],", "[card:9f86d081]", "(hidden)."] {
            assert!(remains.has(found), "{found}");
        }
        for found in ["*", "##a", "[Card]", "[]", "[card", "[card:]", "[card:xyz]", "hidden"] {
            assert!(!remains.has(found), "{found}");
        }
    }
}
