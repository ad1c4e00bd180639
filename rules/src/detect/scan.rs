//! The text a detector reads, with what several detectors would otherwise each look for.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

use super::context::{self, Cue, Cues, Topics};
use super::fold::Folded;
use super::link::search::{Candidate, Links};
use super::transcript::Transcript;
use super::{Landmarks, Memory, profanity, word};

/// What is known of a text, found once and kept until the text changes.
///
/// Holds what members wrote, so its `Debug` shows nothing of it.
pub struct Shared {
    landmarks: Landmarks,
    is_part: bool,
    name: Option<Box<str>>,
    named: OnceCell<Topics>,
    digit_runs: OnceCell<Vec<Range<usize>>>,
    small: OnceCell<Folded>,
    words: OnceCell<Folded>,
    tokens: OnceCell<Tokens>,
    cues: OnceCell<Cues>,
    transcript: OnceCell<Option<Box<Transcript>>>,
    profanities: OnceCell<Vec<profanity::Found>>,
    links: OnceCell<Vec<Candidate>>,
}

/// A longest run of ASCII letters and digits that holds a digit, or that stands, in at most four
/// letters and one character apart, before one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// How many of its bytes are digits.
    pub digits: usize,
    form: Forms,
}

/// There is room at once for one token in so many bytes.
const EACH: usize = 8;

/// The tokens of a text, in order, and which forms they have.
#[derive(Default)]
struct Tokens {
    items: Vec<Token>,
    forms: Forms,
}

/// A set of forms that tokens may have: a length; whether that are digits, letters or both; what
/// stands behind. What begins with a token of some forms need not be looked for where no token has
/// one of them. A token that goes on with a number before it begins nothing, and has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forms(u128);

/// What stands behind a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behind {
    /// Nothing that could go on with what the token began.
    Nothing,
    /// One sign, and a digit.
    Digit,
    /// One sign, and a letter.
    Letter,
}

impl Behind {
    /// Everything.
    pub(crate) const ALL: [Self; 3] = [Self::Nothing, Self::Digit, Self::Letter];

    /// What stands behind the token that ends at `end`.
    fn of(bytes: &[u8], end: usize) -> Self {
        match (bytes.get(end), bytes.get(end + 1)) {
            (Some(b' ' | b'-' | b'.' | b'/' | b':' | b'+'), Some(next)) => match next {
                b'0'..=b'9' => Self::Digit,
                b'a'..=b'z' | b'A'..=b'Z' => Self::Letter,
                _ => Self::Nothing,
            },
            _ => Self::Nothing,
        }
    }
}

impl Forms {
    /// The longest token whose form is told; a longer one has none.
    pub(crate) const LONGEST: usize = 18;

    /// The form of a token of this length with so many digits, before this.
    pub(crate) fn of(length: usize, digits: usize, behind: Behind) -> Self {
        let group = match digits {
            _ if length == 0 || length > Self::LONGEST => return Self(0),
            0 if length > LETTERS_BEFORE => return Self(0),
            0 => 2 * Self::LONGEST,
            _ if digits == length => 0,
            _ => Self::LONGEST,
        };
        let each = 2 * Self::LONGEST + LETTERS_BEFORE;
        let first = match behind {
            Behind::Nothing => 0,
            Behind::Digit => each,
            Behind::Letter => 2 * each,
        };
        Self(1 << (first + group + length - 1))
    }

    /// Both sets.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two have a form in common.
    pub(crate) fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Tokens {
    /// The tokens of a text with so many digits.
    fn of(bytes: &[u8], digits: u32) -> Self {
        let most = usize::try_from(digits).unwrap_or(usize::MAX).min(bytes.len() / EACH);
        let mut tokens = Self { items: Vec::with_capacity(most), forms: Forms::default() };
        // Where the last token ended.
        let mut floor = 0;
        let is_letter = |byte: &&u8| byte.is_ascii_alphabetic();
        while let Some(first) = next_digit(bytes, floor) {
            let between = bytes.get(floor..first).unwrap_or_default();
            let start = first - between.iter().rev().take_while(is_letter).count();
            let before = between.get(..start - floor).and_then(|between| between.split_last());
            if let Some((_, before)) = before {
                let length = before.iter().rev().take_while(is_letter).count();
                if (1..=LETTERS_BEFORE).contains(&length) {
                    tokens.push(bytes, start - 1 - length..start - 1, 0);
                }
            }
            let (mut end, mut digits) = (first, 0);
            for byte in bytes.get(first..).unwrap_or_default() {
                if !byte.is_ascii_alphanumeric() {
                    break;
                }
                end += 1;
                digits += usize::from(byte.is_ascii_digit());
            }
            floor = end;
            tokens.push(bytes, start..end, digits);
        }
        tokens
    }

    fn push(&mut self, bytes: &[u8], Range { start, end }: Range<usize>, digits: usize) {
        let behind = match self.joint(bytes, start..end) {
            // More groups behind a space would be joined by it to those before.
            Some(b' ') if bytes.get(end) == Some(&b' ') => Some(Behind::Nothing),
            Some(b' ') | None => Some(Behind::of(bytes, end)),
            Some(_) => None,
        };
        let form =
            behind.map_or_else(Forms::default, |behind| Forms::of(end - start, digits, behind));
        self.forms = self.forms.and(form);
        self.items.push(Token { start, end, digits, form });
    }

    /// The sign by which a token goes on with the one before it.
    fn joint(&self, bytes: &[u8], Range { start, end }: Range<usize>) -> Option<u8> {
        /// Two numbers of so many digits are one each.
        const LONG: usize = 7;
        let before = self.items.last().filter(|before| before.end + 1 == start)?;
        let goes_on = |sign: u8| match sign {
            b'-' => before.digits > 0,
            // Thousands. What has no three digits, or goes on in groups, is the next value of a list.
            b',' => {
                let groups = || matches!(bytes.get(end), Some(b'-' | b' '));
                let is_grouped = || groups() && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
                before.is_number() && end - start == 3 && !is_grouped()
            }
            b'/' => before.is_number() && (before.length() < LONG || end - start < LONG),
            b'.' | b'+' | b' ' => before.is_number(),
            _ => false,
        };
        bytes.get(before.end).copied().filter(|sign| goes_on(*sign))
    }
}

/// Where the next digit is, from `at` on.
fn next_digit(bytes: &[u8], at: usize) -> Option<usize> {
    /// So many bytes are looked at at once.
    const CHUNK: usize = 32;
    let rest = bytes.get(at..)?;
    let holds = |chunk: &[u8]| chunk.iter().fold(false, |any, byte| any | byte.is_ascii_digit());
    let skipped = rest.chunks_exact(CHUNK).take_while(|chunk| !holds(chunk)).count() * CHUNK;
    let digit = rest.get(skipped..)?.iter().position(u8::is_ascii_digit)?;
    Some(at + skipped + digit)
}

impl Token {
    /// Its form.
    pub(crate) fn form(self) -> Forms {
        self.form
    }

    /// Its place.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Its length in bytes.
    pub fn length(self) -> usize {
        self.end - self.start
    }

    /// Whether all of it is digits.
    pub fn is_number(self) -> bool {
        self.digits == self.length()
    }
}

impl Shared {
    /// Reads `text` once; the rest is found when it is asked for.
    pub fn of(text: &str) -> Self {
        Self::with(Landmarks::of(text))
    }

    /// Of a text that holds no more than these say.
    pub(super) fn with(landmarks: Landmarks) -> Self {
        Self {
            landmarks,
            is_part: false,
            name: None,
            named: OnceCell::new(),
            digit_runs: OnceCell::new(),
            small: OnceCell::new(),
            words: OnceCell::new(),
            tokens: OnceCell::new(),
            cues: OnceCell::new(),
            transcript: OnceCell::new(),
            profanities: OnceCell::new(),
            links: OnceCell::new(),
        }
    }

    /// Says that the text is one string of a document, not all that a member wrote.
    #[must_use]
    pub fn part(self) -> Self {
        Self { is_part: true, ..self }
    }

    /// Says what the text is called, in a document.
    #[must_use]
    pub fn named(self, name: Option<&str>) -> Self {
        Self { name: name.map(Box::from), ..self }
    }

    /// Which kinds of characters it holds.
    pub fn landmarks(&self) -> Landmarks {
        self.landmarks
    }
}

/// Says how much is known, never what the text holds.
impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").field("landmarks", &self.landmarks).finish_non_exhaustive()
    }
}

/// One text to scan. Shared passes are made once, when the first detector asks for them.
///
/// Holds what members wrote, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct Scan<'a> {
    text: &'a str,
    shared: &'a Shared,
    memory: Option<&'a Memory>,
}

impl<'a> Scan<'a> {
    /// A scan of `text`; `shared` was made of the same text.
    pub fn new(text: &'a str, shared: &'a Shared) -> Self {
        Self { text, shared, memory: None }
    }

    /// The same, with what was found out about pieces of the text when it was another one.
    #[must_use]
    pub(crate) fn remembering(self, memory: &'a Memory) -> Self {
        Self { memory: Some(memory), ..self }
    }

    /// What was found out about pieces of the text, if that is kept.
    pub(super) fn memory(&self) -> Option<&'a Memory> {
        self.memory
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Its bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// Which kinds of characters it holds.
    pub fn landmarks(&self) -> Landmarks {
        self.shared.landmarks
    }

    /// The longest runs of ASCII digits, in order.
    pub fn digit_runs(&self) -> &'a [Range<usize>] {
        self.shared.digit_runs.get_or_init(|| {
            if self.shared.landmarks.digits() == 0 {
                return Vec::new();
            }
            let mut runs: Vec<Range<usize>> = Vec::new();
            for (at, byte) in self.text.bytes().enumerate() {
                if !byte.is_ascii_digit() {
                    continue;
                }
                match runs.last_mut() {
                    Some(run) if run.end == at => run.end = at + 1,
                    _ => runs.push(at..at + 1),
                }
            }
            runs
        })
    }

    /// What the text is called: in a document by its key or by what is around it, or as the attribute
    /// that it is.
    pub fn name(&self) -> Option<&'a str> {
        self.shared.name.as_deref()
    }

    /// The text in small letters, accents apart.
    pub(crate) fn small(&self) -> &'a Folded {
        self.shared.small.get_or_init(|| Folded::small(self.text))
    }

    /// The same with one space for whatever stands between words.
    pub(crate) fn words(&self) -> &'a Folded {
        self.shared.words.get_or_init(|| Folded::words(self.text))
    }

    /// The runs of letters and digits where a number or an identifier may begin, in order.
    pub fn tokens(&self) -> &'a [Token] {
        &self.found_tokens().items
    }

    /// The forms of all tokens.
    pub(crate) fn forms(&self) -> Forms {
        self.found_tokens().forms
    }

    fn found_tokens(&self) -> &'a Tokens {
        self.shared.tokens.get_or_init(|| match self.shared.landmarks.digits() {
            0 => Tokens::default(),
            digits => Tokens::of(self.bytes(), digits),
        })
    }

    /// Whether one of the words that go with these topics stands close before `range` or close
    /// behind it.
    pub fn speaks_of(&self, topics: Topics, range: &Range<usize>) -> bool {
        self.near(topics, range, BEFORE, BEHIND)
    }

    /// Whether one of the words that go with these topics stands right before `range`, as what it
    /// is called by.
    pub fn is_called(&self, topics: Topics, range: &Range<usize>) -> bool {
        self.near(topics, range, RIGHT_BEFORE, 0)
    }

    /// Whether one of the words that go with these topics stands right before `range`, nearer than any
    /// that goes with `others`, none of which stands right behind it.
    pub(crate) fn is_called_rather(
        &self,
        topics: Topics,
        others: Topics,
        range: &Range<usize>,
    ) -> bool {
        let (earlier, _) = self.cues_around(range.start);
        let near = |cue: &&Cue| cue.start + LONGEST_CUE + RIGHT_BEFORE >= range.start;
        let mut near = earlier.iter().rev().take_while(near);
        let nearest = near.find(|cue| cue.topics.meet(topics.and(others)));
        nearest.is_some_and(|cue| !cue.topics.meet(others) && cue.end + RIGHT_BEFORE >= range.start)
            && !self.near(others, &(range.end..range.end), 0, RIGHT_BEHIND)
    }

    /// The cues that begin before `start`, and the others.
    fn cues_around(&self, start: usize) -> (&'a [Cue], &'a [Cue]) {
        let cues = self.cues().items.as_slice();
        let at = cues.partition_point(|cue| cue.start < start);
        cues.split_at(at.min(cues.len()))
    }

    fn near(&self, topics: Topics, range: &Range<usize>, before: usize, behind: usize) -> bool {
        if self.named().meet(topics) {
            return true;
        }
        if !self.cues().topics.meet(topics) {
            return false;
        }
        let (earlier, later) = self.cues_around(range.start);
        earlier
            .iter()
            .rev()
            .take_while(|cue| cue.start + LONGEST_CUE + before >= range.start)
            .any(|cue| cue.topics.meet(topics) && cue.end + before >= range.start)
            || later
                .iter()
                .take_while(|cue| cue.start <= range.end + behind)
                .any(|cue| cue.topics.meet(topics))
    }

    /// Whether one of the words that go with these topics stands right behind `range`.
    pub(crate) fn is_counted_in(&self, topics: Topics, range: &Range<usize>) -> bool {
        self.near(topics, range, 0, 1)
    }

    /// The last of the words that go with these topics right before `start`.
    pub(crate) fn called(&self, topics: Topics, start: usize) -> Option<Range<usize>> {
        let (earlier, _) = self.cues_around(start);
        let near = |cue: &&Cue| cue.start + LONGEST_CUE + RIGHT_BEFORE >= start;
        let mut near = earlier.iter().rev().take_while(near);
        let cue = near.find(|cue| cue.topics.meet(topics) && cue.end + RIGHT_BEFORE >= start)?;
        Some(cue.start..cue.end)
    }

    /// Whether a word that goes with these topics, or one that begins so, ends at `at`, and is not
    /// itself glued to something, as in an address or a file's name.
    pub(crate) fn is_glued(&self, topics: Topics, at: usize) -> bool {
        let (earlier, _) = self.cues_around(at);
        let near = earlier.iter().rev().take_while(|cue| cue.start + LONGEST_CUE >= at);
        near.filter(|cue| cue.topics.meet(topics)).any(|cue| {
            let rest = self.bytes().get(cue.end..at).unwrap_or_default();
            let rest = rest.strip_suffix(b" ").unwrap_or(rest);
            let before = self.byte_before(cue.start);
            rest.iter().all(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
                && !before.is_some_and(|byte| {
                    byte.is_ascii_alphanumeric() || b"/.-_@=?&#".contains(&byte)
                })
        })
    }

    /// The places of the words that go with these topics, in order.
    pub(crate) fn words_for(&self, topics: Topics) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let ours = self.cues().items.iter().filter(move |cue| cue.topics.meet(topics));
        ours.map(|cue| cue.start..cue.end)
    }

    /// Whether one of the words that go with these topics stands anywhere in the text.
    pub fn mentions(&self, topics: Topics) -> bool {
        self.named().meet(topics) || self.cues().topics.meet(topics)
    }

    /// What the text's name says of it: `{"ssn": …}` is as good as `ssn: …`. That
    /// something is a message or a number says nothing there: `{"messageId": …}`.
    pub(crate) fn named(&self) -> Topics {
        *self.shared.named.get_or_init(|| {
            let topics = self.name().map_or(Topics::NONE, |name| Cues::of(name).topics);
            topics.without(context::REACH)
        })
    }

    fn cues(&self) -> &'a Cues {
        self.shared.cues.get_or_init(|| Cues::of(self.text))
    }

    /// The same text with look-alike digits, letters, spaces and signs written in ASCII, where it
    /// holds any.
    pub(crate) fn transcript(&self) -> Option<&'a Transcript> {
        if self.shared.landmarks.is_ascii() {
            return None;
        }
        let made = || {
            let shared = || Shared {
                is_part: self.shared.is_part,
                named: OnceCell::from(self.named()),
                ..Shared::with(self.shared.landmarks)
            };
            Transcript::of(self.text, shared).map(Box::new)
        };
        self.shared.transcript.get_or_init(made).as_deref()
    }

    /// Whether `range` is all that the member wrote, but for spaces and punctuation.
    pub fn is_all(&self, range: &Range<usize>) -> bool {
        let bare = |part: Option<&str>| {
            part.is_some_and(|part| {
                part.len() <= MOST_AROUND && !part.contains(char::is_alphanumeric)
            })
        };
        !self.shared.is_part
            && bare(self.text.get(..range.start))
            && bare(self.text.get(range.end..))
    }

    /// The byte at `at`.
    pub fn byte(&self, at: usize) -> Option<u8> {
        self.bytes().get(at).copied()
    }

    /// The byte before `at`.
    pub fn byte_before(&self, at: usize) -> Option<u8> {
        self.byte(at.checked_sub(1)?)
    }

    /// What the profanity lexicon has in the text, for as many rules as ask.
    pub(super) fn profanities(&self) -> &'a [profanity::Found] {
        self.shared.profanities.get_or_init(|| profanity::find(self))
    }

    /// The links in the text, for as many rules as ask.
    pub(super) fn links(&self) -> &'a [Candidate] {
        self.shared.links.get_or_init(|| Links::of(self).collect())
    }

    /// The character before `at`.
    pub fn before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    /// The character that begins at `at`.
    pub fn behind(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Whether neither a letter nor a digit touches `range`; one of a script that writes no spaces
    /// does not.
    pub fn stands_alone(&self, range: &Range<usize>) -> bool {
        !self.is_touched_before(range.start) && !self.is_touched_behind(range.end)
    }

    /// Whether a letter or a digit stands right before `at`.
    pub(crate) fn is_touched_before(&self, at: usize) -> bool {
        self.before(at).is_some_and(word::touches)
    }

    /// Whether a letter or a digit begins at `at`.
    pub(crate) fn is_touched_behind(&self, at: usize) -> bool {
        self.behind(at).is_some_and(word::touches)
    }

    /// Whether a colon right before `at` ends a label, as in `MAC:`, and no group of up to four
    /// hexadecimal digits.
    pub(crate) fn is_labelled(&self, at: usize) -> bool {
        let Some((b':', before)) = self.bytes().get(..at).and_then(<[u8]>::split_last) else {
            return false;
        };
        let group = || before.iter().rev().take(5).take_while(|byte| byte.is_ascii_hexdigit());
        let length = group().count();
        // `ipv6:` ends so, `text2001:` is no label.
        let is_word = group().filter(|byte| byte.is_ascii_digit()).count() < 2;
        match before.len().checked_sub(length) {
            _ if length == 0 => before.last().is_some_and(|byte| *byte != b':'),
            Some(start) => is_word && (length > 4 || self.is_touched_before(start)),
            None => false,
        }
    }
}

/// How long a word before a number may be to count as a part of it: `AB 12 34 56 C`.
const LETTERS_BEFORE: usize = 4;
/// How far, in bytes, a word that says what a number is may stand before it.
pub(super) const BEFORE: usize = 60;
/// And how far behind it.
pub(super) const BEHIND: usize = 30;
/// And where a number is called by it: `order no. 12345`.
const RIGHT_BEFORE: usize = 12;
/// And where it is told right behind a number what it is: `123-45-6789 (SSN)`.
const RIGHT_BEHIND: usize = 4;
/// No cue is longer, in bytes.
const LONGEST_CUE: usize = 64;
/// Around what is all of a text, at most this many bytes of punctuation.
const MOST_AROUND: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::context;

    fn with<T>(text: &str, look: impl FnOnce(&Scan<'_>) -> T) -> T {
        let shared = Shared::of(text);
        look(&Scan::new(text, &shared))
    }

    #[test]
    fn digit_runs_are_maximal() {
        with("12a345 6", |scan| assert_eq!(scan.digit_runs(), [0..2, 3..6, 7..8]));
    }

    #[test]
    fn letters_of_any_script_touch() {
        with("я12 34", |scan| {
            assert!(!scan.stands_alone(&(2..4)));
            assert!(scan.stands_alone(&(5..7)));
        });
        with("号12は", |scan| assert!(scan.stands_alone(&(3..5))));
    }

    #[test]
    fn a_colon_behind_hexadecimal_digits_ends_no_label() {
        for (text, labelled) in [
            ("00:1", false),
            ("::1", false),
            (":1", false),
            ("dead:1", false),
            ("mac:1", true),
            ("bssid:1", true),
            ("\":1", true),
            ("ipv6:1", true),
            ("x2001:1", false),
            ("mac 1", false),
        ] {
            with(text, |scan| assert_eq!(scan.is_labelled(text.len() - 1), labelled, "{text}"));
        }
    }

    #[test]
    fn tokens_hold_a_digit_or_lead_to_one() {
        with("see AB 12c, then 3 words", |scan| {
            let tokens: Vec<_> =
                scan.tokens().iter().map(|token| scan.text().get(token.range()).unwrap()).collect();
            assert_eq!(tokens, ["AB", "12c", "then", "3"]);
        });
    }

    #[test]
    fn a_word_counts_only_when_it_is_close() {
        let far = format!("passport {} 123456789", "x ".repeat(40));
        with(&far, |scan| {
            let at = far.len() - 9..far.len();
            assert!(!scan.speaks_of(context::PASSPORT, &at));
        });
        with("passport: 123456789", |scan| {
            assert!(scan.speaks_of(context::PASSPORT, &(10..19)));
            assert!(scan.is_called(context::PASSPORT, &(10..19)));
        });
        with("123456789 is my passport", |scan| {
            assert!(scan.speaks_of(context::PASSPORT, &(0..9)));
            assert!(!scan.is_called(context::PASSPORT, &(0..9)));
        });
    }

    #[test]
    fn punctuation_around_all_of_a_text_does_not_count() {
        with(" 123. ", |scan| assert!(scan.is_all(&(1..4))));
        with("no 123", |scan| assert!(!scan.is_all(&(3..6))));
        let shared = Shared::of("123").part();
        assert!(!Scan::new("123", &shared).is_all(&(0..3)));
    }
}
