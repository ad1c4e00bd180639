//! Mistakes in a policy, as data: drawing them is the command line's work.

use std::fmt;
use std::ops::Range;

/// A mistake: what is wrong, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the kind of mistake.
    pub code: Code,
    /// What is wrong, in lower case, without a full stop; keys and names in backticks.
    pub message: String,
    /// The place to edit first, then places that explain it. Byte offsets into the policy.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
}

/// A place in the policy, and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Byte offsets into the policy's text.
    pub range: Range<usize>,
    /// What to know about the place; empty when the message says it all.
    pub text: String,
}

/// All mistakes of a policy, in the order of their places. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// One line a mistake: `line:column: error[code]: message (help)`, counted from 1.
    pub fn plain(&self, policy: &str) -> String {
        let mut places = Places { text: policy, at: 0, line: 1, column: 1 };
        let lines = self.0.iter().map(|one| {
            let at = one.labels.first().map_or(0, |label| label.range.start);
            let (line, column) = places.of(at);
            let help = one.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
            format!("{line}:{column}: error[{}]: {}{help}", one.code, one.message)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(formatter, "the policy has {count} mistake{}", if count == 1 { "" } else { "s" })
    }
}

impl std::error::Error for Diagnostics {}

/// A reader of places in one text. Mistakes come in the order of their places, so each is found
/// from the one before: of ten thousand, none costs a walk through the whole policy.
struct Places<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    column: usize,
}

impl Places<'_> {
    /// What [`position`] says.
    fn of(&mut self, at: usize) -> (usize, usize) {
        if at < self.at {
            (self.at, self.line, self.column) = (0, 1, 1);
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        for one in rest.chars() {
            let next = self.at + one.len_utf8();
            if next > at {
                break;
            }
            self.at = next;
            (self.line, self.column) =
                if one == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        }
        (self.line, self.column)
    }
}

/// Line and column, both counted from 1, of a byte offset; the column counts characters.
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = text.get(..at).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    (before.matches('\n').count() + 1, column + 1)
}

macro_rules! codes {
    ($($variant:ident $name:literal $explanation:literal,)*) => {
        /// The kinds of mistakes. Names are stable: scripts may match on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// Every code, sorted by name.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name, kebab-case.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means and how to mend it, in a few sentences.
            pub fn explain(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    DuplicateId "duplicate-id"
        "Two rules, or two tests, have the same name, or a rule names a detector twice. Logs, metrics and findings name rules by their id, so each must be unique. Rename one of them.",
    EmptyList "empty-list"
        "A list that must name something is empty. An empty list of detectors, fields or words would make a rule that can never apply. Name at least one, or delete the rule.",
    InvalidCondition "invalid-condition"
        "A `when` or `unless` has no key, so it would hold for every message. Name what it asks about, such as `sender = [\"*/user/moderator-*\"]`, or delete it.",
    InvalidExpectation "invalid-expectation"
        "A test's `expect` contradicts itself, such as a denial with a text that comes out. Keep the one that is meant.",
    InvalidId "invalid-id"
        "An id is empty, longer than 64 characters, or has characters other than letters, digits, `-`, `_` and `.`. Ids stand in logs and metrics, so they are kept plain.",
    InvalidOption "invalid-option"
        "The value of an option is of the right type, but outside of what the detector or operator can use. The message says what it takes.",
    InvalidPattern "invalid-pattern"
        "A regular expression is not one. Expressions are those of Rust's `regex` crate: no look-around and no back-references, so that matching takes linear time whatever a member writes.",
    MaskMatchesRule "mask-matches-rule"
        "What a redaction writes would itself be matched by a rule, so an edited message would be changed or denied for our own text. Choose another replacement or narrow the other rule.",
    MissingFile "missing-file"
        "A file that the policy names could not be read. Paths are relative to the policy's folder and stay inside it.",
    MissingKey "missing-key"
        "A required key is not there. Every rule needs `id`, `detect` and `action`; every test needs `name`, `message` and `expect`.",
    NoHashKey "no-hash-key"
        "The `hash` operator needs a secret key, and none is set. Set the environment variable that `hash = { key-from = \"…\" }` names (`HASH_KEY` when it names none) to at least 16 characters.",
    PatternMatchesEmpty "pattern-matches-empty"
        "A regular expression matches the empty text, so it would match everywhere and mark nothing. Replace a `*` by a `+`, for instance.",
    PatternTooLarge "pattern-too-large"
        "A regular expression compiles to more than the size limit, most often because of a large counted repetition of a Unicode class. Write a smaller count, or an ASCII class such as `[0-9]` for `\\d`.",
    Syntax "syntax"
        "The file is not TOML. The message says what the parser met and what it expected.",
    TooLarge "too-large"
        "The policy is larger than the loader takes: 4 MiB of text or 10,000 rules. Move long word lists to files, or merge rules.",
    UnknownDetector "unknown-detector"
        "There is no detector or group of this name. `channel-flow detectors` lists them.",
    UnknownKey "unknown-key"
        "A key is not one that is read here. Unknown keys are refused, because a misspelt condition would otherwise silently not apply.",
    UnknownRule "unknown-rule"
        "A test names a rule that the policy does not have. Name one that it has, or add the rule.",
    UnsupportedAction "unsupported-action"
        "The detector looks at the message as a whole, so there is no place that a redaction could replace. Use `deny`, `flag` or `abort`.",
    UnusedKey "unused-key"
        "A key is known, but nothing in this rule reads it, such as `mask` in a rule that denies. Delete it, or choose the action or operator that it belongs to.",
    WrongType "wrong-type"
        "A value is of another type than the key takes. The message says which.",
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_unique_and_kebab_case() {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(names.iter().all(|name| plain(name)));
    }

    #[test]
    fn a_position_counts_characters_from_one() {
        assert_eq!(position("a\néx", 4), (2, 2));
        assert_eq!(position("a\néx", 3), (2, 1), "inside a character is at it");
        assert_eq!(position("", 9), (1, 1));
    }

    #[test]
    fn a_place_found_from_the_one_before_is_the_same() {
        let text = "a\né\n\nxüz";
        let mut places = Places { text, at: 0, line: 1, column: 1 };
        for at in (0..text.len() + 2).chain([5, 1, 9, 0, 3]) {
            assert_eq!(places.of(at), position(text, at), "{at}");
        }
    }
}
