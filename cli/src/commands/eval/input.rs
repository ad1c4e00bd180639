//! Lines of standard input, as they come.

use std::io::{self, BufRead, BufReader, Read};

/// The longest line that is read; a message has some kilobytes.
pub(super) const MOST_BYTES: usize = 16 << 20;

/// Reads lines.
pub(super) struct Input<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    first: bool,
}

/// A line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Whole(&'a [u8]),
    /// It was skipped.
    TooLong,
}

impl<R: Read> Input<R> {
    pub(super) fn new(reader: BufReader<R>) -> Self {
        Self { reader, line: Vec::new(), first: true }
    }

    /// Whether the next line is not here yet.
    pub(super) fn would_wait(&self) -> bool {
        memchr::memchr(b'\n', self.reader.buffer()).is_none()
    }

    /// The next line; `None` at the end. What stands behind the last line's end is a line if it is
    /// not empty.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut too_long = false;
        loop {
            let part = match self.reader.fill_buf() {
                Ok(part) => part,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if part.is_empty() {
                if self.line.is_empty() && !too_long {
                    return Ok(None);
                }
                break;
            }
            let end = memchr::memchr(b'\n', part);
            let (own, _) = part.split_at(end.unwrap_or(part.len()));
            if self.line.len() + own.len() > MOST_BYTES {
                too_long = true;
                self.line.clear();
            } else if !too_long {
                self.line.extend_from_slice(own);
            }
            let used = own.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        let first = std::mem::replace(&mut self.first, false);
        if too_long {
            return Ok(Some(Line::TooLong));
        }
        // What some shells put before what they pipe.
        let mark = b"\xef\xbb\xbf".as_slice();
        let line = self.line.as_slice();
        Ok(Some(Line::Whole(line.strip_prefix(mark).filter(|_| first).unwrap_or(line))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines cross the end of a small buffer.
    fn lines(input: &[u8]) -> Vec<Option<Vec<u8>>> {
        lines_by(3, input)
    }

    fn lines_by(buffer: usize, input: &[u8]) -> Vec<Option<Vec<u8>>> {
        let mut input = Input::new(BufReader::with_capacity(buffer, input));
        let mut lines = Vec::new();
        while let Some(line) = input.next().unwrap() {
            lines.push(match line {
                Line::Whole(line) => Some(line.to_vec()),
                Line::TooLong => None,
            });
        }
        lines
    }

    #[test]
    fn the_last_line_needs_no_end_and_the_end_makes_no_line() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"a\n"), [Some(b"a".to_vec())]);
        assert_eq!(
            lines(b"abcdef\n\nb"),
            [Some(b"abcdef".to_vec()), Some(vec![]), Some(b"b".to_vec())]
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        assert_eq!(lines(b"\xef\xbb\xbfa\n\xef\xbb\xbfb")[0], Some(b"a".to_vec()));
        assert_eq!(lines(b"a\n\xef\xbb\xbfb")[1], Some(b"\xef\xbb\xbfb".to_vec()));
    }

    #[test]
    fn a_line_beyond_the_limit_is_skipped_and_the_next_is_read() {
        let mut text = vec![b'x'; MOST_BYTES + 1];
        text.extend_from_slice(b"\nshort");
        assert_eq!(lines_by(4096, &text), [None, Some(b"short".to_vec())]);
        text.truncate(MOST_BYTES);
        assert_eq!(lines_by(4096, &text)[0].as_ref().map(Vec::len), Some(MOST_BYTES));
    }
}
