//! What a person reads: styles, and text that cannot play tricks on a terminal.

use std::fmt::{self, Write};
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;

/// Names and headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// What matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// What went wrong.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// What went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What to look at.
pub(crate) const NOTE: Style = AnsiColor::Yellow.on_default();

/// The style of an outcome's name.
pub(crate) fn of_outcome(name: &str) -> Style {
    match name {
        "pass" => GOOD,
        "update" => NOTE,
        _ => ERROR,
    }
}

/// Says on standard error what somebody should know who did nothing wrong.
pub(crate) fn warn(what: fmt::Arguments<'_>) {
    // Said for information only.
    drop(writeln!(anstream::stderr().lock(), "{NOTE}warning{NOTE:#}: {what}"));
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes it so, for standard output and standard error.
    pub(crate) fn apply(self) {
        let choice = match self {
            Self::Auto => return,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// Text as it can be shown on one line: what a terminal would act on, and what cannot be seen, is
/// written as an escape.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\n' => formatter.write_str("\\n")?,
                '\r' => formatter.write_str("\\r")?,
                '\t' => formatter.write_str("\\t")?,
                other if is_unseen(other) => write!(formatter, "\\u{{{:x}}}", u32::from(other))?,
                other => formatter.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// Control characters, and those that hide or turn text around. The joiners are part of emoji and
/// of several scripts.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::Shown;

    #[test]
    fn an_escape_sequence_is_shown_and_not_obeyed() {
        let text = "a\u{1b}[2Jb\u{202e}c\nd";
        assert_eq!(Shown(text).to_string(), "a\\u{1b}[2Jb\\u{202e}c\\nd");
    }

    #[test]
    fn letters_of_any_script_and_joined_emoji_stay() {
        let text = "né 你好 👩\u{200d}👧 \\ \"";
        assert_eq!(Shown(text).to_string(), text);
    }
}
