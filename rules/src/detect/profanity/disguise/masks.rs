//! Words with some of their letters masked: `f*ck`, `sl**t`, `f#@%`, `f---`.

use super::super::glyph::{Glyph, Role};
use super::super::lexicon::{self, Kind};
use super::placed::{Placed, between};
use super::{Disguised, Token, is_decent};

impl Token {
    /// Several stars for one letter: `sl**t`.
    pub(super) fn masked_at_length(&self, found: &mut Vec<Disguised>) {
        let is_star = |placed: &Placed| placed.glyph.role == Role::Star;
        // Signs beside stars may be anything.
        let stars = self.glyphs().array_windows().any(|[one, next]| is_star(one) && is_star(next));
        if !stars || self.letters < 2 {
            return;
        }
        let mut letters: Vec<Placed> = self.glyphs().to_vec();
        letters.dedup_by(|next, one| is_star(one) && is_star(next));
        Self::masked(&letters, found);
    }

    /// Any signs for most of the letters: `f#@%`.
    pub(super) fn signs(glyphs: &[Placed], found: &mut Vec<Disguised>) {
        let is_letter = |placed: &&Placed| placed.glyph.role == Role::Letter;
        let Some((first, others)) = glyphs.split_first().filter(|(first, _)| is_letter(first))
        else {
            return;
        };
        let is_sign =
            |placed: &&Placed| matches!(placed.glyph.role, Role::Symbol | Role::Any | Role::Star);
        // Few tokens have several of these.
        if others.iter().filter(|placed| placed.glyph.role == Role::Any).count() < 2 {
            return;
        }
        let known = lexicon::masked(first.glyph.symbol);
        let known = known.iter().filter(|(word, _)| ONE_LETTER.contains(word));
        for (word, kind) in known {
            let Some((signs, behind)) = others.split_at_checked(word.len() - 1) else { continue };
            let is_end =
                |placed: &Placed| matches!(placed.glyph.role, Role::Separator | Role::Symbol);
            let fits = signs.iter().all(|placed| is_sign(&placed)) && behind.iter().all(is_end);
            if let (Some(kind), Some(last), true) = (kind, signs.last(), fits) {
                found.push(Disguised {
                    range: between(first, last),
                    kind: kind.hidden(),
                    masked: true,
                });
            }
        }
    }

    /// Dashes for letters: `f---`, `f—k`.
    pub(super) fn dashed(&self, token: &str, found: &mut Vec<Disguised>) {
        let is_part = |part: &str| {
            (1..=2).contains(&part.len()) && part.bytes().all(|one| one.is_ascii_lowercase())
        };
        let word = token.trim_end_matches(['.', '!', '?']);
        let stars = match word.split_once('—') {
            // Capitals are the bounds of a range, `S—T`, and who repeats himself stutters.
            Some((before, behind))
                if is_part(before) && is_part(behind) && !behind.starts_with(before) =>
            {
                2
            }
            None if word.eq_ignore_ascii_case("f---") => 1,
            _ => return,
        };
        let star = Glyph::of('*');
        let letters = self.glyphs().iter().flat_map(|placed| match placed.glyph.role {
            Role::Joiner => std::iter::repeat_n(Placed { glyph: star, ..*placed }, stars),
            _ => std::iter::repeat_n(*placed, 1),
        });
        Self::masked(&letters.collect::<Vec<_>>(), found);
    }

    /// Some letters masked: `f*ck`, `s**t`, `f***`; also behind a part: `mindf*ck`.
    pub(super) fn masked(glyphs: &[Placed], found: &mut Vec<Disguised>) {
        let Some(start) = glyphs.iter().position(|placed| !placed.glyph.is_break()) else {
            return;
        };
        let glyphs = glyphs.get(start..).unwrap_or_default();
        let before = found.len();
        Self::masked_word(glyphs, found);
        if found.len() > before {
            return;
        }
        let is_letter = |placed: &&Placed| placed.glyph.role == Role::Letter;
        let is_mask = |placed: &Placed| matches!(placed.glyph.role, Role::Star | Role::Any);
        let length = glyphs.iter().take_while(is_letter).count();
        // Two letters of the word behind are seen, the last among them: `dropped*` has a note.
        let is_masked = glyphs.get(length).is_some_and(is_mask)
            && glyphs.last().is_some_and(|last| is_letter(&last));
        for at in (2..length).filter(|_| is_masked) {
            let Some((part, word)) = glyphs.split_at_checked(at) else { break };
            let own = part.iter().map(|placed| lexicon::letter(placed.glyph.symbol));
            let seen = word.iter().filter(is_letter).count();
            if seen >= 2 && lexicon::is_part(&own.map(char::from).collect::<String>()) {
                Self::masked_word(word, found);
            }
        }
        if let Some(first) = glyphs.first() {
            for one in found.iter_mut().skip(before) {
                one.range.start = between(first, first).start;
            }
        }
    }

    fn masked_word(glyphs: &[Placed], found: &mut Vec<Disguised>) {
        let masks = |placed: &Placed| {
            placed.glyph.is_break() || matches!(placed.glyph.role, Role::Digit | Role::Symbol)
        };
        let Some(first) = glyphs.first().filter(|_| glyphs.iter().any(masks)) else { return };
        let Glyph { symbol, other, .. } = first.glyph;
        let others = if other == symbol { &[] } else { lexicon::masked(other) };
        // Most words are told from it by their second letter.
        let second = glyphs.get(1).map(|second| second.glyph);
        let second = second.filter(|glyph| glyph.role == Role::Letter);
        let second = second.map(|glyph| lexicon::letter(glyph.symbol));
        for (word, kind) in lexicon::masked(symbol).iter().chain(others) {
            let Some(kind) = *kind else { continue };
            if second.is_some() && second != word.as_bytes().get(1).copied() {
                continue;
            }
            let Some(length) = fits(glyphs, word) else { continue };
            if glyphs.get(..length).is_some_and(is_decent) {
                continue;
            }
            let last = length.checked_sub(1).and_then(|last| glyphs.get(last));
            if let (Some(first), Some(last)) = (glyphs.first(), last) {
                let kind = Kind { is_known: true, ..kind }.hidden();
                found.push(Disguised { range: between(first, last), kind, masked: true });
            }
        }
    }
}

/// How many glyphs `word` and its ending take where some of its letters are masked and enough are
/// not.
fn fits(glyphs: &[Placed], word: &str) -> Option<usize> {
    let (mut plain, mut alike, mut stars, mut masked) = (0, 0, 0, 0);
    let (mut apart, mut digits, mut guessed, mut drawn, mut foreign) =
        (false, false, false, 0, false);
    let mut last = None;
    for (letter, placed) in word.bytes().zip(glyphs) {
        let symbol = lexicon::symbol(letter);
        match placed.glyph.role {
            Role::Letter if placed.glyph.symbol == symbol => plain += 1,
            role @ (Role::Symbol | Role::Digit | Role::Foreign) if placed.glyph.is(symbol) => {
                alike += 1;
                drawn += usize::from(role != Role::Digit);
                foreign |= role == Role::Foreign;
            }
            Role::Star => stars += 1,
            Role::Any => masked += 1,
            Role::Joiner | Role::Separator => {
                masked += 1;
                apart = true;
            }
            Role::Digit | Role::Symbol if b"aeiou".contains(&letter) => {
                masked += 1;
                guessed = true;
            }
            _ => return None,
        }
        digits |= placed.glyph.role == Role::Digit;
        last = Some(placed.glyph.role);
    }
    let closed =
        matches!(last?, Role::Letter | Role::Star | Role::Any | Role::Symbol | Role::Digit);
    if plain + alike + stars + masked < word.len() || !closed || word.len() == 3 && stars == 0 {
        return None;
    }
    // Behind a word a digit counts, and a sign ends something: `poll1`.
    let closes = glyphs.get(word.len() - 1).zip(word.bytes().last());
    if closes.is_some_and(|(closes, letter)| {
        matches!(closes.glyph.role, Role::Digit | Role::Symbol)
            && !closes.glyph.is(lexicon::symbol(letter))
    }) {
        return None;
    }
    let mut ending = [0_u8; 12];
    let mut length = 0;
    let mut end = word.len();
    for (at, placed) in glyphs.iter().enumerate().skip(word.len()) {
        match placed.glyph.role {
            Role::Letter => {
                *ending.get_mut(length)? = lexicon::letter(placed.glyph.symbol);
                length += 1;
                end = at + 1;
            }
            // With a sign among few letters, a longer mask is of something else.
            Role::Star if alike > 0 && at == word.len() && last == Some(Role::Star) => return None,
            _ if placed.glyph.is_break() || placed.glyph.role == Role::Symbol => {}
            _ => return None,
        }
    }
    let ending = ending.get(..length).and_then(|ending| str::from_utf8(ending).ok())?;
    // A sign beside stars is most often one beside a mask: `(****`.
    let is_letter = |placed: &Placed| matches!(placed.glyph.role, Role::Letter | Role::Foreign);
    let known = glyphs.first().is_some_and(is_letter) && ONE_LETTER.contains(&word);
    // Among few letters digits are digits: `$137`, `517%`; and signs without any are signs: `(****<`.
    if plain == 0 && (digits || !foreign) || digits && 2 * (plain + drawn) < word.len() {
        return None;
    }
    // A few letters before a stop and a mask are a word of their own: `co.******`.
    if apart && stars > 0 && plain < 3 {
        return None;
    }
    // Signs between separators (`v1.2.3`) and beside much that is masked (`%A$*****`) are no letters.
    let mostly = 2 * (stars + masked) > word.len();
    let shown = if apart || mostly { plain } else { plain + alike };
    let enough = shown >= 2 || known && (stars + 1 == word.len() || !ending.is_empty());
    let is_end = lexicon::is_ending(ending)
        // `f*ckhead`, but nothing of signs that may be other letters or end words.
        || !apart && !digits && !guessed && lexicon::is_part(ending);
    (stars + masked > 0 && enough && is_end).then_some(end)
}

/// Words that are known by their first letter and their length.
const ONE_LETTER: &[&str] = &["fuck", "shit", "bitch", "cunt", "nigga", "nigger"];
