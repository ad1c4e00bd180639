//! A field on its way through the rules.

use super::Seen;
use crate::detect::{Evidence, Memory};
use crate::limits;
use crate::message::Field;
use crate::operator::Operator;
use crate::order::by_place;
use crate::rewrite::Rewritten;
use crate::span::{Span, SpanSet};
use crate::view::{SHORTEST, View};

/// A place that a text detector reported.
pub(super) struct Place {
    /// Which working field.
    pub(super) working: usize,
    /// Which of its views.
    pub(super) view: usize,
    /// Where in the view.
    pub(super) span: Span,
    /// Where in the field.
    pub(super) raw: Span,
    pub(super) label: &'static str,
    pub(super) detector: &'static str,
    pub(super) evidence: Evidence,
    pub(super) seen: Seen,
}

/// A rule's turn: in which round, and which rule. Turns follow each other in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn {
    pub(super) round: u8,
    pub(super) rule: usize,
}

/// A field's text as the rules so far left it, and its readings.
pub(super) struct Working<'m> {
    field: Field,
    /// What it is called, besides the kind of field that it is.
    name: Option<&'m str>,
    text: Rewritten<'m>,
    views: Vec<View>,
    memory: Memory,
    /// When its text became what it is now; `None` while it is as it came.
    changed: Option<Turn>,
    /// Whether the rule that changed it last has read what it left.
    is_reread: bool,
}

impl<'m> Working<'m> {
    pub(super) fn new(field: Field, name: Option<&'m str>, text: &'m str) -> Self {
        Self {
            field,
            name,
            text: Rewritten::new(text),
            views: View::all_named(text, name),
            memory: Memory::default(),
            changed: None,
            is_reread: false,
        }
    }

    pub(super) fn field(&self) -> Field {
        self.field
    }

    pub(super) fn text(&self) -> &str {
        self.text.as_str()
    }

    pub(super) fn views(&self) -> &[View] {
        &self.views
    }

    /// What is remembered of its text.
    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(super) fn is_changed(&self) -> bool {
        self.text.is_changed()
    }

    /// Whether its text is another one since this round began.
    pub(super) fn changed_in(&self, round: u8) -> bool {
        self.changed.is_some_and(|changed| changed.round == round)
    }

    /// Whether the rule whose turn it is has not read the text as it is now.
    pub(super) fn is_fresh(&self, turn: Turn) -> bool {
        let Some(round) = turn.round.checked_sub(1) else { return true };
        let last = Turn { round, ..turn };
        self.changed.is_some_and(|changed| changed > last || changed == last && !self.is_reread)
    }

    /// Whether the rule whose turn it is wrote the text and has not read it since.
    pub(super) fn is_unread(&self, turn: Turn) -> bool {
        self.changed == Some(turn) && !self.is_reread
    }

    /// Notes that the rule that wrote the text has read it again.
    pub(super) fn reread(&mut self) {
        self.is_reread = true;
    }

    /// Leaves one report of what a detector found in two readings of the same bytes: the wider one,
    /// the decoded one of equals. The places are this field's.
    pub(super) fn once(&self, places: &mut Vec<Place>, from: usize) {
        if places.len() < from + 2 || !self.views.iter().any(View::is_doubtful) {
            return;
        }
        let own = places.get(from..).unwrap_or_default();
        let mut order: Vec<(usize, &Place)> = own.iter().enumerate().collect();
        // By detector, whichever first; the later sort leaves those of one in order.
        by_place(&mut order, |(_, place)| {
            let view = u8::try_from(place.view).unwrap_or(u8::MAX);
            (place.raw.start(), place.raw.end(), u8::MAX - view)
        });
        by_place(&mut order, |(_, place)| (place.detector.as_ptr().addr(), 0, 0));
        let mut covered = vec![false; own.len()];
        // What reaches furthest so far, of the detector at hand.
        let mut widest: Option<(usize, &Place)> = None;
        for (index, place) in order {
            let before = widest.filter(|(_, before)| before.detector == place.detector);
            if let Some((known, before)) = before
                && before.raw.end() >= place.raw.end()
            {
                if before.view == place.view {
                    continue;
                }
                let better = place.seen == Seen::Counts && before.seen != Seen::Counts;
                if let Some(covered) = covered.get_mut(if better { known } else { index }) {
                    *covered = true;
                }
                if !better {
                    continue;
                }
            }
            widest = Some((index, place));
        }
        let mut covered = covered.into_iter();
        let mut index = 0;
        places.retain(|_| {
            index += 1;
            index <= from || covered.next() != Some(true)
        });
    }

    /// Where in the field as it came a span of one of its views lies.
    pub(super) fn original(&self, view: usize, span: Span) -> Span {
        let raw = self.views.get(view).map_or(span, |view| view.raw(span));
        self.text.original(raw)
    }

    /// The same for a span of the field itself.
    pub(super) fn original_raw(&self, span: Span) -> Span {
        self.text.original(span)
    }

    /// Whether a redaction wrote anything at this span of the field.
    pub(super) fn is_rewritten(&self, span: Span) -> bool {
        self.text.is_rewritten(span)
    }

    /// Replaces the places, which are this field's; whether the text is another one after that.
    ///
    /// A rewrite that would make the field larger than the service takes falls back to the
    /// shortest replacement, and one that would leave nothing where something must stand to the
    /// placeholder. `room` is how many bytes the field may have.
    pub(super) fn redact(
        &mut self,
        operator: &Operator,
        places: &[Place],
        placeholder: &str,
        room: usize,
        turn: Turn,
    ) -> bool {
        let mut replacements = self.replacements(places, |view, raw, found, label| {
            view.encode(&operator.replacement(found, label), raw).into_owned()
        });
        let now = self.text().len();
        let after = self.text.length_with(&replacements);
        if after > now && after > room {
            replacements = self.replacements(places, |view, _, _, _| view.shortest().to_owned());
        }
        if limits::must_not_be_empty(self.field) && self.text.length_with(&replacements) == 0 {
            let fits = placeholder.len() <= room.max(now);
            let stands = if fits { placeholder } else { SHORTEST };
            let all = Span::new(0, now).map(|all| (all, stands.to_owned()));
            replacements = SpanSet::new(self.text(), all.into_iter().collect());
        }
        let before = self.text().to_owned();
        self.text.apply(&replacements);
        if self.text() == before {
            return false;
        }
        self.views = View::all_named(self.text.as_str(), self.name);
        self.changed = Some(turn);
        self.is_reread = false;
        true
    }

    /// The places' replacements, in the field's own bytes. Places that share a byte become one.
    fn replacements(
        &self,
        places: &[Place],
        write: impl Fn(&View, &str, &str, &'static str) -> String,
    ) -> SpanSet<String> {
        let mut raw = Vec::with_capacity(places.len());
        let mut rest = places;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|place| place.view == first.view).count();
            let (own, behind) = rest.split_at(count);
            rest = behind;
            let Some(view) = self.views.get(first.view) else { continue };
            let text = view.text(self.text());
            let set =
                SpanSet::new(text, own.iter().map(|place| (place.span, place.label)).collect());
            raw.extend(set.iter().map(|(span, label)| {
                let found = text.get(span.range()).unwrap_or_default();
                let raw = view.raw(span);
                let bytes = self.text().get(raw.range()).unwrap_or_default();
                (raw, write(view, bytes, found, label))
            }));
        }
        SpanSet::new(self.text(), raw)
    }
}
