//! Lines and columns of a text.

/// Where the lines of a text begin: positions are then found without walking over the text again.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

/// A place as people count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let after =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The number of the line that holds a byte offset, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    /// Offset of the first byte of a line; of a line behind the last, the end of the text.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// The place of a byte offset. One inside a character is at it; one behind the text at its end.
    pub(crate) fn position(&self, at: usize) -> Position {
        let at = self.boundary(at);
        let line = self.line(at);
        let before = self.text.get(self.start(line)..at).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }

    /// The nearest character boundary at or before `at`.
    pub(crate) fn boundary(&self, at: usize) -> usize {
        (0..=at.min(self.text.len()))
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let lines = Lines::of("a\néx\n");
        let at = |at| {
            let Position { line, column } = lines.position(at);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(1), (1, 2));
        assert_eq!(at(3), (2, 1), "inside a character is at it");
        assert_eq!(at(4), (2, 2));
        assert_eq!(at(99), (3, 1));
    }

    #[test]
    fn they_agree_with_those_of_the_rules() {
        let text = "[[rule]]\r\nid = \"é\"\n\n\n# ende";
        let lines = Lines::of(text);
        for at in 0..text.len() + 2 {
            let Position { line, column } = lines.position(at);
            assert_eq!((line, column), rules::policy::position(text, at), "{at}");
        }
    }
}
