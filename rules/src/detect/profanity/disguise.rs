//! Words in disguise: letters replaced, masked, spread out or interrupted.
//!
//! Looks only where a text has what a disguise is made of: at tokens with anything besides
//! letters inside, and at runs of single letters.

mod masks;
mod placed;

use std::ops::Range;

use self::placed::{Pieces, Placed, between, spells, symbols, whole_piece};
use super::super::Memory;
use super::accents;
use super::glyph::{self, Glyph, Role, Written};
use super::lexicon::{self, BETWEEN, Kind, Severity};
use super::search::{Found, search};
use super::tokens::{Shape, Tokens};
use super::whole_word;

/// Most glyphs of one token; what is longer is no word.
const MOST: usize = 64;

/// What was found in disguise: bytes of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Disguised {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    pub(super) masked: bool,
}

/// What a token is, whatever stands around it. Offsets are from where it begins.
pub(in super::super) struct Judged {
    /// The letter that it adds to a run of single letters, if it is one, and whether the sentence
    /// ends behind it.
    single: Option<(Placed, bool)>,
    /// Whether it is a word that something else than plain letters is a part of.
    is_mixed: bool,
    found: Vec<Disguised>,
}

/// Reports every disguised entry; `plain` are the places of the plain ones, in the order of their
/// ends. Returns where words are that something else than plain letters is a part of.
pub(super) fn disguised<'f>(
    text: &str,
    plain: impl IntoIterator<Item = &'f Range<usize>>,
    memory: Option<&Memory>,
    found: &mut Vec<Disguised>,
) -> Vec<Range<usize>> {
    let mut mixed = Vec::new();
    let mut plain = plain.into_iter().peekable();
    let (mut run, mut glyphs) = (Token::default(), Token::default());
    let mut hits = Vec::new();
    for (range, shape, is_next) in Tokens::of(text) {
        if !is_next || shape == Shape::Plain {
            run.end_of_run(found);
        }
        if shape == Shape::Plain {
            continue;
        }
        let Some(token) = text.get(range.clone()) else { continue };
        if is_plain(token) {
            run.end_of_run(found);
            continue;
        }
        let mut take = |judged: &Judged| {
            let is_last = judged
                .single
                .is_none_or(|(glyph, is_last)| !run.push(glyph.behind(range.start)) || is_last);
            if is_last {
                run.end_of_run(found);
            }
            found.extend(judged.found.iter().map(|one| one.behind(range.start)));
            if judged.is_mixed {
                mixed.push(range.clone());
            }
        };
        let mut judge = |token: &str, take: &mut dyn FnMut(&Judged)| match memory
            .filter(|_| shape == Shape::Mixed)
        {
            Some(memory) => {
                memory.tokens.recall(token, || glyphs.judge(token, &mut hits), take);
            }
            None => take(&glyphs.judge(token, &mut hits)),
        };
        judge(token, &mut take);
        // Beside a plain word another may stand in disguise: `ass@ss`.
        let mut words = Vec::new();
        while let Some(word) = plain.next_if(|word| word.end <= range.end) {
            if word.start >= range.start {
                let word = whole_word(text, word, range.start);
                words.push(word.start - range.start..word.end - range.start);
            }
        }
        for (piece, start) in beside(token, words) {
            judge(piece, &mut |judged| {
                let start = range.start + start;
                found.extend(judged.found.iter().map(|one| one.behind(start)));
            });
        }
    }
    run.end_of_run(found);
    mixed
}

impl Disguised {
    /// The same so many bytes further on.
    fn behind(&self, start: usize) -> Self {
        Self { range: start + self.range.start..start + self.range.end, ..*self }
    }
}

/// What a token has beside these words, where another may be in disguise; each with where it begins.
fn beside(token: &str, mut words: Vec<Range<usize>>) -> Vec<(&str, usize)> {
    /// Least bytes of a word in disguise.
    const LEAST: usize = 3;
    let mut pieces = Vec::new();
    if words.is_empty() {
        return pieces;
    }
    words.sort_unstable_by_key(|word| word.start);
    words.push(token.len()..token.len());
    let mut from = 0;
    for word in words {
        if let Some(piece) = token.get(from..word.start)
            && piece.len() >= LEAST
            && !is_plain(piece)
        {
            pieces.push((piece, from));
        }
        from = from.max(word.end);
    }
    pieces
}

/// Whether the token is several letters, all of them Latin or none: then it is a word as it stands.
/// `ß` stands for a `b` only at its beginning.
fn is_plain(token: &str) -> bool {
    let is_latin = |one| match Glyph::of(one).role {
        Role::Letter => Some(true),
        Role::Foreign | Role::Opaque => Some(false),
        _ => None,
    };
    let mut letters = token.chars();
    let Some(Some(first)) = letters.next().map(is_latin) else { return false };
    let mut count = 1;
    let mut seen = letters.inspect(|_| count += 1);
    seen.all(|one| one == 'ß' && first || is_latin(one) == Some(first))
        && count > 1
        && (first || !is_drawn(token))
}

/// Whether it is a letter of another script, drawn just like a Latin one, that few words of its own
/// languages have.
fn is_tell(letter: char) -> bool {
    is_rare(letter) || matches!(letter, 'і' | 'І' | 'ј' | 'Ј')
}

/// Whether the languages of its script hardly have it.
fn is_rare(letter: char) -> bool {
    matches!(letter, 'ѕ' | 'Ѕ' | 'ԁ' | 'һ' | 'Һ' | 'ԛ' | 'Ԛ' | 'ԝ' | 'Ԝ' | 'ϝ' | 'Ϝ' | 'ϲ' | 'Ϲ')
}

/// Whether the word, of another script, has only letters that are drawn just like Latin ones, and
/// some that tell that they are meant as those: `аѕѕ`.
fn is_drawn(token: &str) -> bool {
    /// Of letters that are not rare, a word must have so many: `тіт` is a name.
    const LEAST: usize = 5;
    let letters = || token.chars().filter(|one| !one.is_ascii_punctuation());
    // Most words have another letter among their first.
    let is_like = |one| match one {
        'а'
        | 'с'
        | 'е'
        | 'о'
        | 'р'
        | 'х'
        | 'у'
        | 'к'
        | 'т'
        | 'м'
        | 'А'
        | 'В'
        | 'С'
        | 'Е'
        | 'Н'
        | 'К'
        | 'М'
        | 'О'
        | 'Р'
        | 'Т'
        | 'Х'
        | 'У'
        | 'Ь'
        | 'α'..='ω'
        | 'Α'..='Ω' => true,
        _ => is_tell(one),
    };
    letters().all(is_like)
        && (letters().any(is_rare) || letters().any(is_tell) && letters().count() >= LEAST)
}

/// Whether the token is a UUID, a hash or another long number in hexadecimal: four digits of one
/// read like a word by chance.
fn is_code(token: &str) -> bool {
    const LEAST: usize = 12;
    let token = token.trim_matches(['.', '?', '!', ':', ';', '(', ')', '\'', '#', '`']);
    let count = |is: fn(&u8) -> bool| token.bytes().filter(is).count();
    token.len() >= LEAST
        && token.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && (LEAST / 4..token.len()).contains(&count(u8::is_ascii_digit))
}

/// Whether the token is a word of Latin letters, some of which may also look like others: `größer`.
fn is_latin(token: &str) -> bool {
    let word = token.trim_matches(['.', ',', '?', '!', ':', ';', '(', ')', '\'', '…']);
    word.chars().all(|one| one.is_ascii_alphabetic() || matches!(one, '\u{c0}'..='\u{24f}'))
}

/// The glyphs of a token, without those that are drawn as nothing.
struct Token {
    glyphs: [Placed; MOST],
    length: usize,
    /// Whether anything was left out.
    hidden: bool,
    /// How many of the glyphs are letters, and how many are drawn like some.
    letters: usize,
    symbols: usize,
    /// Whether it is a word of another script that is drawn like a Latin one.
    drawn: bool,
}

impl Default for Token {
    fn default() -> Self {
        Self {
            glyphs: [Placed::NONE; MOST],
            length: 0,
            hidden: false,
            letters: 0,
            symbols: 0,
            drawn: false,
        }
    }
}

impl Token {
    fn glyphs(&self) -> &[Placed] {
        self.glyphs.get(..self.length).unwrap_or_default()
    }

    /// Adds a glyph; `false` when there is no room.
    fn push(&mut self, placed: Placed) -> bool {
        let Some(place) = self.glyphs.get_mut(self.length) else { return false };
        *place = placed;
        self.length += 1;
        true
    }

    /// Judges a token. `hits` is empty before and after. Long, and there are two who call it.
    #[inline(never)]
    fn judge(&mut self, token: &str, hits: &mut Vec<Found>) -> Judged {
        let mut judged = Judged { single: None, is_mixed: false, found: Vec::new() };
        if is_code(token) {
            return judged;
        }
        let is_whole = self.read(token);
        judged.single = self.single();
        if is_whole && judged.single.is_none() {
            self.find(hits, &mut judged.found);
            if judged.found.is_empty() {
                self.dashed(token, &mut judged.found);
            }
            judged.is_mixed = self.is_mixed() && !is_latin(token);
            self.find_beside(token, hits, &mut judged.found);
        }
        judged
    }

    /// Looks in what the token has beside the words that were found in it. `hits` is empty before
    /// and after.
    fn find_beside(&mut self, token: &str, hits: &mut Vec<Found>, found: &mut Vec<Disguised>) {
        let words = found.iter().map(|one| one.range.clone()).collect();
        let mut own = Vec::new();
        for (piece, start) in beside(token, words) {
            if self.read(piece) {
                self.find(hits, &mut own);
                found.extend(own.drain(..).map(|one| one.behind(start)));
            }
        }
    }

    /// Reads a token; `false` when it is too long to be a word.
    fn read(&mut self, token: &str) -> bool {
        self.length = 0;
        self.hidden = false;
        self.letters = 0;
        self.symbols = 0;
        self.drawn = false;
        let mut before = ' ';
        for Written { glyph, own, range, is_sequence } in glyph::written(token) {
            // An entity, a tag or a drawing.
            self.hidden |= is_sequence;
            let is_letter = glyph.role == Role::Letter;
            let opens = !is_letter && !is_sequence && opens(own, token, range.end);
            let glyph = if opens { Glyph::of('-') } else { glyph };
            if glyph.role == Role::Nothing {
                self.hidden |= self.length > 0 && !accents::makes_letter(before, own);
            } else if !self.push(Placed::new(glyph, range)) {
                return false;
            }
            self.drawn |= is_tell(own);
            before = own;
            self.letters += usize::from(glyph.role == Role::Letter);
            self.symbols += usize::from(glyph.role == Role::Symbol);
        }
        self.drawn = self.drawn && self.letters == 0 && is_drawn(token);
        true
    }

    /// The only glyph that is no separator, if there is just one, and whether it ends the sentence:
    /// `t!`.
    fn single(&self) -> Option<(Placed, bool)> {
        /// The most glyphs of a letter that ends one.
        const MOST_LAST: usize = 6;
        let mut letters = self.glyphs().iter().filter(|placed| !placed.glyph.is_break());
        let first = letters.next()?;
        let is_letter = (1..=26).contains(&first.glyph.symbol);
        if letters.next().is_none() {
            return (is_letter && self.length <= 2).then_some((*first, false));
        }
        let [only] = self.trimmed() else { return None };
        let is_last = only.glyph.role == Role::Letter && self.length <= MOST_LAST;
        (is_last && self.glyphs().first() == Some(only)).then_some((*only, true))
    }

    /// Looks in a run of single letters, and empties it.
    fn end_of_run(&mut self, found: &mut Vec<Disguised>) {
        if self.length >= 3 {
            let letters = self.glyphs();
            let is_word = |placed: Option<&Placed>| {
                placed.is_some_and(|placed| WORDS.contains(&lexicon::letter(placed.glyph.symbol)))
            };
            let starts = [Some(0), is_word(letters.first()).then_some(1)];
            let ends = [Some(self.length), is_word(letters.last()).then_some(self.length - 1)];
            for start in starts.into_iter().flatten() {
                for end in ends.into_iter().flatten() {
                    let Some(part) = letters.get(start..end).filter(|part| part.len() >= 3) else {
                        continue;
                    };
                    let mut hits = Vec::new();
                    search(&symbols(part), &mut hits);
                    for hit in hits.into_iter().filter(|hit| hit.core.len() >= 3) {
                        report(part, &hit, found);
                    }
                }
            }
        }
        self.length = 0;
    }

    /// Looks in a token of its own. `hits` and `found` are empty before, the first also after.
    fn find(&self, hits: &mut Vec<Found>, found: &mut Vec<Disguised>) {
        self.replaced(hits, found);
        if found.is_empty() {
            self.beside_digits(hits, found);
        }
        // `f@ck` is `fack` for who reads it by letters alone.
        if found.iter().all(|one| one.kind.severity < Severity::Strong) {
            Self::masked(self.glyphs(), found);
        }
        if found.is_empty() {
            self.masked_at_length(found);
        }
        if found.is_empty() {
            Self::signs(self.glyphs(), found);
        }
    }

    /// Whether the token has letters, and besides them what may stand for others.
    fn is_mixed(&self) -> bool {
        let roles = || self.trimmed().iter().map(|placed| placed.glyph.role);
        let is_other = |role| {
            matches!(role, Role::Digit | Role::Symbol | Role::Foreign | Role::Star | Role::Any)
        };
        roles().any(|role| role == Role::Letter) && (self.hidden || roles().any(is_other))
    }

    /// Letters between digits (`69shit`), or the same sign between any two of them (`s|h|i|t`).
    fn beside_digits(&self, hits: &mut Vec<Found>, found: &mut Vec<Disguised>) {
        let is_letter = |placed: &Placed| placed.glyph.role == Role::Letter;
        let is_digit = |placed: &Placed| placed.glyph.role == Role::Digit;
        let trimmed = self.trimmed();
        let sign = trimmed.get(1).filter(|sign| !is_letter(sign));
        let between = || {
            let mut others = trimmed.iter().skip(1).step_by(2);
            others.all(|other| sign.is_some_and(|sign| sign.glyph == other.glyph))
        };
        let mut look = |letters: &[Placed]| {
            search(&symbols(letters), hits);
            for hit in hits.drain(..) {
                report(letters, &hit, found);
            }
        };
        if trimmed.len() >= 5 && between() {
            let letters = || trimmed.iter().step_by(2);
            if letters().len() >= LEAST_BESIDE && letters().all(is_letter) {
                look(&letters().copied().collect::<Vec<_>>());
            }
        } else if trimmed.first().is_some_and(is_digit) || trimmed.last().is_some_and(is_digit) {
            let start = trimmed.iter().position(|placed| !is_digit(placed)).unwrap_or(0);
            let end = trimmed.iter().rposition(|placed| !is_digit(placed)).map_or(0, |at| at + 1);
            let letters = trimmed.get(start..end).unwrap_or_default();
            if letters.len() >= LEAST_BESIDE && letters.iter().all(is_letter) {
                look(letters);
            }
        }
    }

    /// Letters replaced by what looks like them, or with separators between them.
    fn replaced(&self, hits: &mut Vec<Found>, found: &mut Vec<Disguised>) {
        if self.letters == 0 && self.symbols < 2 && !self.drawn {
            return;
        }
        // What is behind a letter at the end of a token ends the sentence.
        let trimmed = self.trimmed();
        let Pieces { odd, joins } = Pieces::of(trimmed);
        if self.hidden || odd {
            self.look(trimmed, false, hits, found);
        }
        if joins {
            self.look(trimmed, true, hits, found);
        }
        // Behind a name that is mentioned the sentence ends: `@anna!`.
        if self.is_mention() {
            return;
        }
        // Breaks at the ends are read as the ends are; what may be a letter is not.
        let is_symbol = |placed: &&Placed| placed.glyph.role == Role::Symbol;
        if trimmed.iter().filter(is_symbol).count() < self.symbols {
            self.look(self.glyphs(), false, hits, found);
            if joins {
                self.look(self.glyphs(), true, hits, found);
            }
        }
    }

    /// Whether the token begins with the sign of a mention and a name.
    fn is_mention(&self) -> bool {
        let mut glyphs = self.glyphs().iter().skip_while(|placed| placed.glyph.is_break());
        let is_sign = |glyph: Glyph| glyph.role == Role::Symbol && glyph.is(lexicon::symbol(b'a'));
        glyphs.next().is_some_and(|sign| is_sign(sign.glyph))
            && glyphs.next().is_some_and(|name| name.glyph.role == Role::Letter)
    }

    /// Looks in glyphs of the token, `joined` without those that stand between letters.
    fn look(
        &self,
        glyphs: &[Placed],
        joined: bool,
        hits: &mut Vec<Found>,
        found: &mut Vec<Disguised>,
    ) {
        // Most tokens hold nothing, so that is found out with what the automaton reads alone.
        let kept = |placed: &&Placed| !joined || !placed.glyph.is_break();
        let mut symbols = [[BETWEEN; MOST]; 3];
        let [first, second, third] = &mut symbols;
        let mut length = 0;
        let places = first.iter_mut().zip(second).zip(third);
        for (((first, second), third), placed) in places.zip(glyphs.iter().filter(kept)) {
            let Glyph { symbol, other, .. } = placed.glyph;
            (*first, *second) = (symbol, other);
            // `a$sh01e`: what stands for an `i` most often, and for an `l` beside an `o`.
            *third = if other == lexicon::symbol(b'l') { other } else { symbol };
            length += 1;
        }
        let [first, second, third] = &symbols;
        let is_other = first != second;
        let is_third = is_other && third != first && third != second;
        let mut letters = Vec::new();
        let readings = [Some(first), is_other.then_some(second), is_third.then_some(third)];
        for (number, symbols) in readings.into_iter().flatten().enumerate() {
            let symbols = symbols.get(..length).unwrap_or_default();
            search(symbols, hits);
            if !hits.is_empty() && letters.is_empty() {
                letters.reserve_exact(length);
                letters.extend(glyphs.iter().filter(kept));
            }
            for hit in hits.drain(..) {
                let word = whole_piece(&letters, &hit.core);
                let parts = (letters.get(hit.core.clone()), letters.get(word));
                let (Some(core), Some(word)) = parts else { continue };
                // `sl0t` is no `slut`.
                if number > 0 && is_decent(word) {
                    continue;
                }
                if self.is_disguise(core, word, joined) {
                    report(&letters, &hit, found);
                }
            }
        }
    }

    /// The glyphs without the punctuation at both ends.
    fn trimmed(&self) -> &[Placed] {
        let glyphs = self.glyphs();
        let quiet = |placed: &Placed| {
            placed.glyph.is_break()
                || placed.glyph.role == Role::Symbol && placed.glyph.is(lexicon::symbol(b'i'))
        };
        let end = glyphs.iter().rposition(|placed| !quiet(placed)).map_or(0, |last| last + 1);
        let start = glyphs.iter().position(|placed| !placed.glyph.is_break());
        glyphs.get(start.unwrap_or(0)..end).unwrap_or_default()
    }

    /// Whether the letters of a hit are a word in disguise and not an accident of numbers and
    /// punctuation.
    fn is_disguise(&self, core: &[Placed], word: &[Placed], joined: bool) -> bool {
        let count = |role: Role| core.iter().filter(|placed| placed.glyph.role == role).count();
        let (letters, digits) = (count(Role::Letter) + count(Role::Foreign), count(Role::Digit));
        let symbols = count(Role::Symbol);
        if letters == 0 && (digits > 0 || symbols < 3) {
            return false;
        }
        // Mostly digits is a number, unless it is the whole of a word that is long enough.
        let is_whole = core.len() >= LEAST_IN_DIGITS && core.len() == word.len() && letters >= 2;
        if digits > letters + symbols && !is_whole {
            return false;
        }
        if core.len() <= 3 && digits > 0 {
            return false;
        }
        if self.hidden {
            return !joined || self.bridges(core, word);
        }
        let is_name = || word.first() != core.first() && self.is_mention();
        if is_numbered(core, word) || is_name() {
            return false;
        }
        if !joined {
            return word.iter().any(|placed| placed.glyph.role != Role::Letter);
        }
        self.bridges(core, word)
    }

    /// Whether the letters are interrupted by separators, but begin and end beside some: `f-u-c-k`
    /// and not `push-it`. Where a sentence may have ended, one piece must be a single letter.
    fn bridges(&self, core: &[Placed], word: &[Placed]) -> bool {
        let (Some(first), Some(last)) = (core.first(), word.last()) else { return false };
        let glyphs = self.glyphs();
        let is_break = |placed: &Placed| placed.glyph.is_break();
        let at = |start: u32| glyphs.iter().position(|placed| placed.start == start);
        let (Some(from), Some(to)) = (at(first.start), at(last.start)) else { return false };
        let is_free = |placed: Option<&Placed>| placed.is_none_or(is_break);
        // `sh-it!`
        let end = self.trimmed().last().map_or(0, |last| last.end);
        let is_behind = |placed: &&Placed| placed.start >= end;
        if !is_free(from.checked_sub(1).and_then(|before| glyphs.get(before)))
            || !is_free(glyphs.get(to + 1).filter(|next| !is_behind(next)))
        {
            return false;
        }
        let inner = glyphs.get(from..=to).unwrap_or_default();
        let pieces = || inner.split(is_break).filter(|piece| !piece.is_empty());
        let count = pieces().count();
        // `as_s` is one of several.
        let ending = pieces().next_back().is_some_and(|last| spells(last, "s"));
        if count == 2 && core.len() == 3 && ending {
            return false;
        }
        let single = pieces().any(|piece| piece.len() == 1);
        let sentence = inner.iter().any(|placed| placed.glyph.role == Role::Separator);
        count > 1 && (single || !sentence && self.ends(core, word))
    }

    /// Whether the core ends where a piece does, or where only an ending or a part follows: `who-res`
    /// and not `who-really`.
    fn ends(&self, core: &[Placed], word: &[Placed]) -> bool {
        let last = core.last().map_or(0, |last| last.start);
        let behind = |placed: &&Placed| placed.start > last;
        let letters = word.iter().filter(behind).map(|placed| lexicon::letter(placed.glyph.symbol));
        let rest: String = letters.map(char::from).collect();
        let whole = self.glyphs().iter().find(behind).is_none_or(|next| next.glyph.is_break());
        whole || lexicon::is_ending(&rest) || lexicon::is_part(&rest)
    }
}

/// Least letters of a word that stands between digits or is interrupted by signs.
const LEAST_BESIDE: usize = 4;

/// Least letters of a word that most letters of may be digits: not `5h17`, a time in French.
const LEAST_IN_DIGITS: usize = 5;

/// Whether the character, which ends at `end`, is a bracket that the token closes again: `(s)hit`.
fn opens(character: char, token: &str, end: usize) -> bool {
    let closing = match character {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return false,
    };
    token.get(end..).is_some_and(|rest| rest.contains(closing))
}

/// Whether the word is another one, of letters alone, with what is counted behind it, its price or
/// the end of a sentence: `pack1`, `ana!`, `piezas$`.
fn is_numbered(core: &[Placed], word: &[Placed]) -> bool {
    let is_letter = |placed: &&Placed| placed.glyph.role == Role::Letter;
    let letters = core.iter().take_while(is_letter).count();
    let (plain, [first, others @ ..]) = core.split_at(letters) else {
        // Few letters with digits behind them are the name of a part: `SHT31`.
        let behind = word.iter().skip_while(is_letter);
        return letters <= 3 && behind.clone().all(|placed| placed.glyph.role == Role::Digit);
    };
    if others.iter().any(|placed| is_letter(&placed)) {
        return false;
    }
    let is_part = word.first() != core.first();
    let glyph = first.glyph;
    match glyph.role {
        // Read as an `i` or an `l`, or as a `z`; other digits where they are several.
        Role::Digit if plain.len() > 2 => {
            let repeated = others.iter().all(|placed| placed.glyph == glyph);
            glyph.is(lexicon::symbol(b'i'))
                || !repeated
                || is_part && glyph.is(lexicon::symbol(b's'))
                || NUMBERED.iter().any(|stem| spells(plain, stem))
        }
        Role::Symbol if glyph.is(lexicon::symbol(b'i')) => plain.len() > 2,
        // `cnt++`
        Role::Symbol if glyph.is(lexicon::symbol(b't')) => !plain.is_empty() && !others.is_empty(),
        Role::Symbol if glyph.is(lexicon::symbol(b's')) => {
            let last = plain.last().map(|last| last.glyph.symbol);
            others.is_empty() && (is_part || last != Some(lexicon::symbol(b's')))
        }
        _ => false,
    }
}

/// Words that are numbered, and that a digit makes look like others.
const NUMBERED: &[&str] = &["con", "fig", "pen", "poll", "rap"];

/// Words that most conversations have, and that a sign for one of their letters makes look like a
/// word in disguise: `p@ss`. `?` and `*` stand for signs that have no letter of their own.
const DECENT: &[&str] = &[
    "batch", "botch", "butch", "cent", "crop", "dam*", "deck", "dock", "fada", "jazz", "laser",
    "morde", "pass", "pata", "pate", "peta", "pita", "pote", "put*", "ripe", "rope", "shot",
    "skunk", "slat", "slit", "slot", "tats", "tots", "twit", "wh?re", "where", "wink",
];

/// Whether the word is one of those, with an ending or without, if each sign is its own letter.
fn is_decent(word: &[Placed]) -> bool {
    let fits = |known: &&str| {
        let own = |placed: &Placed| match placed.glyph.role {
            // Of ASCII: who writes a star or a block masks.
            Role::Separator if placed.end - placed.start == 1 => b'?',
            Role::Star => b'*',
            _ => lexicon::letter(placed.glyph.symbol),
        };
        let Some((stem, ending)) = word.split_at_checked(known.len()) else { return false };
        let ending = ending.iter().filter(|placed| !placed.glyph.is_break()).map(own);
        stem.iter().map(own).eq(known.bytes())
            && lexicon::is_ending(&ending.map(char::from).collect::<String>())
    };
    DECENT.iter().any(fits)
}

/// Letters that are words of their own in chat.
const WORDS: &[u8] = b"aiuryn";

/// Reports the word that the hit is in.
fn report(letters: &[Placed], hit: &Found, found: &mut Vec<Disguised>) {
    let Some(word) = letters.get(whole_piece(letters, &hit.core)) else { return };
    if let (Some(first), Some(last)) = (word.first(), word.last()) {
        let kind = hit.kind.hidden();
        found.push(Disguised { range: between(first, last), kind, masked: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        disguised(text, &[], None, &mut found);
        found.into_iter().map(|found| text.get(found.range).unwrap()).collect()
    }

    #[test]
    fn numbers_and_punctuation_are_no_disguise() {
        for text in [
            "co.******",
            "A$*******",
            "(****<****",
            "at 4:55, 5.5 or 455",
            "push-it",
            "e.g. this (or that)",
            "a A55 road",
            "I lost my pen.is it here?",
            "sh...",
            "so as? is it",
            "c l a s s",
            "C&A and A&S",
            "mass-hit",
            "1+1=2",
            "what's up",
            "don't",
            "50%",
            "https://example.com/a?b=c",
            "$100",
            "a*b*c",
            "v1.2.3-rc4",
            "(v1.2.3), v3.2.1 and v1-2-3",
            "U.S.A.",
            "I a m h e r e",
            "f(x)",
            "x_1",
            "****",
            "[word]",
            "it's 8:30pm",
            "(s)he and class(es)",
            "push(it)",
            "3rd 1080p 50mass",
            "5h17, 7w47, 455h01, 90b4574rd21, 5h17h34d72",
            "a|b|c|d|e",
            "ma**ter",
            "&#49;&#50;",
            "5%",
            "(***",
            "(\u{200d}****\u{200d}",
            "$***",
            "6*****",
            "$137,000 up 517%",
            "who-really is a bit-challenging, put-in",
            "push-it! a b c! d",
            "c95c5cdc-fa89-46e2-a47a-cce87900d06e",
            "(2ef0f0cc1db807d0e46f2d2eb7f6907b)",
            "s h! i t",
            "pack1, pack12 and texture-pack1.zip",
            "ana1, cara1, rap1, rap4, poll1, poll4, fig4, pen3",
            "SHT31 and SHT35",
            "as_s",
            "piezas$, problemas$, KY$",
            "@anna! @Petit! @Pearse! (@ana!!) thanks",
            "hi @nina?! @Emil_b!",
            "p@ss, p4ss the ball, p@ssed and p@sses",
            "wh3re are you, wh?re is it",
            "sl0t, sl0ts, a good sh0t, d0cks and a d3ck",
            "b@tch job, j@zz, a l@ser, p0te, p@te",
            "cnt++; t++",
            "соска, сосок, тётка, титан, сок",
            "Тіт, тітка, сік, аїст, кіт, хто, ієни",
            "κακός, και, τα, ΤΑ ΝΕΑ",
            "шаһ, һава, ѕвезда, ЅЕ",
            "d*g, sh*p, bl*ck, p*nt, c*mpany, n*ghead",
            "f---|---, S—T, c—m, a—s, wait—what, d—do",
            "put*, output*, input*, dropped* and dam*",
            "C#@!, #@%, f#1, f&b",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn disguises_are_seen_through() {
        for text in [
            "a55h0le",
            "a$$**le",
            "f@ck",
            "shi7e",
            "f*ck",
            "sh!t",
            "f\u{200b}uck",
            "f.u.c.k",
            "f-u-c-k",
            "s h i t",
            "f<b>u</b>ck",
            "f***",
            "\u{200d}\u{ff46}****",
            "b1tch",
            "fu\u{441}k",
            "@$$hole",
            "f&#117;ck",
            "%66uck",
            "F U C K you",
            "c_u_n_t",
            "f##k",
            "$hit!",
            "ѕhіt",
            "69shit",
            "s|h|i|t",
            "(s)hit",
            "sl**t",
            "&#115;&#104;&#105;&#116;",
            "%73%68%69%74",
            "who-res",
            "mi*rda",
            "ca**o",
            "a$sh01e",
            "fa99",
            "sh-it!",
            "sl'ut!!",
            "such s h i t!",
            "oh s h i t!! a",
            "as$",
            "dumbas$",
            "nigg4",
            "whor3",
            "@sshole!",
            "5h17h34d, b4574rd",
            "(455h0l3)",
            "p!ss",
            "wh0re",
            "wh★re",
            "Ьаԁаѕѕ",
            "sh@t",
            "d!ck, d?ck",
            "ᴛᴡᴀᴛ",
            "🅣🅘🅣🅢",
            "🇹🇼🇦🇹",
            "аѕѕ",
            "ѕһіт!",
            "ВІТСН",
            "ϝυϲκ",
            "⒡⒰⒞⒦",
            "f*ckhead",
            "s**thole",
            "mindf*ck",
            "horsesh*t",
            "f—k",
            "f---",
            "f#@%!",
            "sh?tty",
            "b!tch",
        ] {
            assert!(!found(text).is_empty(), "{text}");
        }
    }
}
