//! Reads the lexicon's files; `lexicon/README.md` says how they are written.

use std::borrow::Cow;
use std::collections::BTreeSet;

#[derive(Default)]
pub(crate) struct Lexicon {
    pub(crate) entries: Vec<Entry>,
    pub(crate) parts: BTreeSet<String>,
    pub(crate) masked: Vec<String>,
    /// Entries that are names, too.
    pub(crate) names: Vec<String>,
    pub(crate) intents: Vec<String>,
    pub(crate) calls: Vec<String>,
    /// Lines of words that texts are mostly made of.
    pub(crate) everyday: Vec<String>,
    seen: BTreeSet<(String, Mode, bool)>,
}

/// One spelling.
pub(crate) struct Entry {
    pub(crate) text: String,
    pub(crate) mode: Mode,
    /// Category and severity; `None` for what is innocent.
    pub(crate) kind: Option<(&'static str, &'static str)>,
    pub(crate) language: &'static str,
}

/// Where in a word a spelling stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// It is the word.
    Whole,
    /// The word, or the word without an ending.
    Endings,
    /// The same, or with a part behind it.
    Joined,
    /// The word, or the word without an ending, or with a part behind it.
    Respelt,
    /// The end of a word that begins with a part.
    JoinedEnd,
    /// Whole words behind some that say what is intended, or a word behind a call to it.
    Intended,
    /// The word begins with it.
    Prefix,
    /// The word ends with it.
    Suffix,
    /// Anywhere.
    Anywhere,
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Whole => "Whole",
            Self::Endings => "Endings",
            Self::Joined => "Joined",
            Self::Respelt => "Respelt",
            Self::JoinedEnd => "JoinedEnd",
            Self::Intended => "Intended",
            Self::Prefix => "Prefix",
            Self::Suffix => "Suffix",
            Self::Anywhere => "Anywhere",
        }
    }
}

impl Entry {
    /// Whether it is more than one word.
    pub(crate) fn is_phrase(&self) -> bool {
        self.text.contains(' ')
    }

    /// The spelling with the boundaries that it needs, as spaces.
    pub(crate) fn spelling(&self) -> Cow<'_, str> {
        let text = &self.text;
        match self.mode {
            Mode::Whole | Mode::Intended => format!(" {text} ").into(),
            Mode::Endings | Mode::Joined | Mode::Respelt | Mode::Prefix => {
                format!(" {text}").into()
            }
            Mode::JoinedEnd | Mode::Suffix => format!("{text} ").into(),
            Mode::Anywhere => text.into(),
        }
    }
}

impl Lexicon {
    /// Adds a file of this language.
    pub(crate) fn read(&mut self, language: &str, text: &str) {
        let language =
            *[("de", "De"), ("en", "En"), ("es", "Es"), ("fr", "Fr"), ("it", "It"), ("pt", "Pt")]
                .iter()
                .find_map(|(code, name)| (*code == language).then_some(name))
                .unwrap_or_else(|| panic!("`{language}.txt`: no such language"));
        let mut section = Section::None;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Section::of(header)
                    .unwrap_or_else(|| panic!("{language}:{}: no such section", number + 1));
                continue;
            }
            match section {
                Section::None => panic!("{language}:{}: an entry before a section", number + 1),
                Section::Parts => self.parts.extend(line.split_whitespace().map(str::to_owned)),
                Section::Masked => self.masked.extend(line.split_whitespace().map(str::to_owned)),
                Section::Names => self.names.extend(line.split_whitespace().map(str::to_owned)),
                Section::Intent => self.intents.push(line.to_owned()),
                Section::Call => self.calls.push(line.to_owned()),
                Section::Everyday => self.everyday.push(line.replace('\'', " ")),
                Section::Innocent => self.add(line, None, language),
                Section::Kind(category, severity) => {
                    self.add(line, Some((category, severity)), language);
                }
            }
        }
    }

    fn add(
        &mut self,
        line: &str,
        kind: Option<(&'static str, &'static str)>,
        language: &'static str,
    ) {
        let (respelt, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (intended, line) = line.strip_prefix('@').map_or((false, line), |rest| (true, rest));
        let (begins, line) = line.strip_prefix('*').map_or((false, line), |rest| (true, rest));
        let (ends, line) = line.strip_suffix('*').map_or((false, line), |rest| (true, rest));
        let (joined, line) = line.strip_suffix('+').map_or((false, line), |rest| (true, rest));
        let (endings, line) = line.strip_suffix('~').map_or((false, line), |rest| (true, rest));
        let mode = match (begins, ends) {
            (true, true) => Mode::Anywhere,
            (true, false) => Mode::Suffix,
            (false, true) => Mode::Prefix,
            (false, false) if intended => Mode::Intended,
            (false, false) if joined => Mode::Joined,
            (false, false) if endings => Mode::Endings,
            (false, false) => Mode::Whole,
        };
        for text in alternatives(line) {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.is_empty() {
                continue;
            }
            let (text, mode) = match text.strip_suffix('*') {
                Some(text) => (text.to_owned(), Mode::Prefix),
                None => (text, mode),
            };
            if respelt {
                for variant in respellings(&text) {
                    // A short one, or one in two pieces, has no endings that tell it.
                    let short = variant.len() < 4 || variant.contains(' ');
                    let mode = match mode {
                        _ if short => Mode::Whole,
                        Mode::Joined | Mode::Anywhere | Mode::Prefix => Mode::Respelt,
                        _ => Mode::Endings,
                    };
                    self.push(variant, mode, kind, language);
                }
            }
            if mode == Mode::Joined {
                let plurals: &[&str] = if text.ends_with('s') { &["", "es"] } else { &["", "s"] };
                for plural in plurals {
                    self.push(format!("{text}{plural}"), Mode::JoinedEnd, kind, language);
                }
            }
            self.push(text, mode, kind, language);
        }
    }

    fn push(
        &mut self,
        text: String,
        mode: Mode,
        kind: Option<(&'static str, &'static str)>,
        language: &'static str,
    ) {
        if self.seen.insert((text.clone(), mode, kind.is_none())) {
            self.entries.push(Entry { text, mode, kind, language });
        }
    }
}

#[derive(Clone, Copy)]
enum Section {
    None,
    Parts,
    Masked,
    Names,
    Intent,
    Call,
    Everyday,
    Innocent,
    Kind(&'static str, &'static str),
}

impl Section {
    fn of(header: &str) -> Option<Self> {
        match header {
            "parts" => return Some(Self::Parts),
            "intent" => return Some(Self::Intent),
            "call" => return Some(Self::Call),
            "everyday" => return Some(Self::Everyday),
            "masked" => return Some(Self::Masked),
            "names" => return Some(Self::Names),
            "innocent" => return Some(Self::Innocent),
            _ => {}
        }
        let (category, severity) = header.split_once(' ')?;
        let category = match category {
            "profane" => "Profane",
            "sexual" => "Sexual",
            "slur" => "Slur",
            "insult" => "Insult",
            "threat" => "Threat",
            "self-harm" => "SelfHarm",
            _ => return None,
        };
        let severity = match severity {
            "double" => "Double",
            "mild" => "Mild",
            "moderate" => "Moderate",
            "strong" => "Strong",
            _ => return None,
        };
        Some(Self::Kind(category, severity))
    }
}

/// What `line` says once its `(a|b)` and `c?` are chosen, all ways.
fn alternatives(line: &str) -> Vec<String> {
    if let Some(open) = line.find('(') {
        let close = open
            + matching(&line[open..])
                .unwrap_or_else(|| panic!("`{line}`: a bracket is not closed"));
        let tails = alternatives(&line[close + 1..]);
        let heads = alternatives(&line[..open]);
        let mut all = Vec::new();
        for choice in split_choices(&line[open + 1..close]) {
            for middle in alternatives(choice) {
                for head in &heads {
                    for tail in &tails {
                        all.push(format!("{head}{middle}{tail}"));
                    }
                }
            }
        }
        return all;
    }
    match line.find('?') {
        None => vec![line.to_owned()],
        Some(at) => {
            let mut all = Vec::new();
            for tail in alternatives(&line[at + 1..]) {
                all.push(format!("{}{tail}", &line[..at]));
                all.push(format!("{}{tail}", &line[..at - 1]));
            }
            all
        }
    }
}

/// Offset of the bracket that closes the one `text` begins with.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, character)| {
        depth += match character {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    })
}

/// The choices between bars, those of inner brackets left together.
fn split_choices(text: &str) -> Vec<&str> {
    let mut choices = Vec::new();
    let mut depth = 0;
    let mut from = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => {
                choices.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    choices.push(&text[from..]);
    choices
}

/// Pieces of a word with a space inside that may also be words of their own, or the ends of
/// `it's`, `don't`, `I'd`, `I'm`.
const WORDS: &[&str] = &[
    "a", "an", "ant", "ard", "as", "ass", "at", "bast", "bat", "bit", "bitch", "cock", "cunt", "d",
    "fag", "fagg", "got", "he", "her", "hit", "hits", "hole", "hore", "i", "in", "is", "it", "its",
    "lock", "locks", "king", "lit", "lut", "m", "me", "my", "nig", "no", "on", "or", "ore", "pen",
    "pus", "re", "rick", "s", "sl", "so", "suck", "t", "tar", "tard", "to", "up", "us", "we",
    "who", "whore",
];

/// Words of their own that a respelling comes to.
const ORDINARY: &[&str] =
    &["as s", "douch", "ngga", "nigg", "pein", "peins", "pens", "pensi", "pins", "retrad", "vagin"];

/// The usual ways to respell a word so that a list does not have it.
fn respellings(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let letters: Vec<char> = text.chars().collect();
    let with = |at: usize, by: &str| {
        let mut word: String = letters[..at].iter().collect();
        word.push_str(by);
        word.extend(&letters[at + 1..]);
        word
    };
    for (at, letter) in letters.iter().enumerate() {
        match letter {
            'a' | 'e' | 'i' | 'o' | 'u' if at > 0 => {
                all.insert(with(at, "x"));
                if letters.len() > 4 {
                    all.insert(with(at, ""));
                }
                match letter {
                    'u' => {
                        all.insert(with(at, "v"));
                    }
                    'i' => {
                        all.insert(with(at, "y"));
                        all.insert(with(at, "l"));
                        all.insert(with(at, "j"));
                    }
                    _ => {}
                }
            }
            'c' if at == 0 => {
                all.insert(with(at, "k"));
            }
            'f' if at == 0 => {
                all.insert(with(at, "ph"));
            }
            _ => {}
        }
        if at >= 1 && at + 1 < letters.len() && letters.len() > 3 {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            if swapped != letters {
                all.insert(swapped.into_iter().collect());
            }
        }
        if at > 0 && letters.len() > 3 {
            let (first, second) = (&letters[..at], &letters[at..]);
            let (first, second): (String, String) =
                (first.iter().collect(), second.iter().collect());
            let is_word = |piece: &str| WORDS.contains(&piece);
            if !is_word(&first) && (second.len() == 1 || !is_word(&second)) {
                for plural in ["", "s"] {
                    all.insert(format!("{first} {second}{plural}"));
                }
            }
        }
    }
    for (from, to) in [
        ("ck", "k"),
        ("ck", "kk"),
        ("ck", "q"),
        ("ck", "cc"),
        ("ck", "xx"),
        ("ss", "zz"),
        ("gg", "qq"),
        ("ss", "s s"),
    ] {
        if text.contains(from) {
            all.insert(text.replacen(from, to, 1));
        }
    }
    all.remove(text);
    all.retain(|respelt| !ORDINARY.contains(&respelt.as_str()));
    all
}
