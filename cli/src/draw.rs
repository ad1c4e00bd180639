//! Draws a policy's mistakes: code, place, and what to write instead.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use rules::policy::{Diagnostic, Label};

use crate::lines::Lines;
use crate::policy::Broken;
use crate::terminal::{BOLD, ERROR};

/// Places this many lines apart, or fewer, are drawn in one piece.
const NEAR: usize = 4;
/// Of a place that is longer, such as a whole rule, the first lines are drawn.
const MOST_LINES: usize = 6;

/// Draws all mistakes, then says how many.
pub(crate) fn mistakes(broken: &Broken, out: &mut impl Write) -> io::Result<()> {
    let lines = Lines::of(&broken.text);
    let renderer = Renderer::styled();
    for mistake in &broken.mistakes.0 {
        let group = group(broken, &lines, mistake);
        writeln!(out, "{}\n", renderer.render(&[group]))?;
    }
    let count = broken.mistakes.0.len();
    let s = if count == 1 { "" } else { "s" };
    writeln!(out, "{BOLD}{}{BOLD:#}: {ERROR}{count} mistake{s}{ERROR:#}", broken.name)
}

fn group<'a>(broken: &'a Broken, lines: &Lines<'_>, mistake: &'a Diagnostic) -> Group<'a> {
    let title = Level::ERROR.primary_title(&mistake.message).id(mistake.code.name());
    let mut group = Group::with_title(title);
    for piece in pieces(lines, &mistake.labels) {
        let range = lines.start(piece.first)..lines.start(piece.last + 1);
        let source = broken.text.get(range.clone()).unwrap_or_default();
        let mut snippet =
            Snippet::source(source).line_start(piece.first).path(broken.name.as_str());
        for (label, number) in piece.labels {
            // Offsets of the piece; a place that goes on behind it ends with its last character.
            let clip = |at: usize| lines.boundary(at).clamp(range.start, range.end) - range.start;
            let end = clip(label.range.end).min(source.trim_end().len());
            let span: Range<usize> = clip(label.range.start)..end.max(clip(label.range.start));
            let kind = if number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
            snippet = snippet.annotation(kind.span(span).label(text));
        }
        group = group.element(snippet);
    }
    match &mistake.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// Lines that are drawn together, with the labels on them and each label's number.
struct Piece<'a> {
    first: usize,
    last: usize,
    labels: Vec<(&'a Label, usize)>,
}

/// Only the lines that matter are handed to the drawing, so that many mistakes in a long policy
/// take no longer than their own lines.
fn pieces<'a>(lines: &Lines<'_>, labels: &'a [Label]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    for (number, label) in labels.iter().enumerate() {
        let first = lines.line(label.range.start);
        let last = lines.line(label.range.end.saturating_sub(1)).clamp(first, first + MOST_LINES);
        let near = pieces
            .iter_mut()
            .find(|piece| first <= piece.last + NEAR && piece.first <= last + NEAR);
        match near {
            Some(piece) => {
                piece.first = piece.first.min(first);
                piece.last = piece.last.max(last);
                piece.labels.push((label, number));
            }
            None => pieces.push(Piece { first, last, labels: vec![(label, number)] }),
        }
    }
    pieces
}
