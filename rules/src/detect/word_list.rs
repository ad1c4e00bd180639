use std::ops::Range;

use aho_corasick::AhoCorasick;
use schemars::JsonSchema;
use serde::Deserialize;
use unicode_normalization::char::decompose_canonical;

use super::fold::Folded;
use super::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector, word};
use crate::order;
use crate::policy::{Action, At, Build, Code, OneOrMany};

#[doc = include_str!("word_list.md")]
pub(crate) struct WordList;

/// Options of `word-list`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WordListOptions")]
pub(crate) struct Options {
    /// Words and phrases. `cat*` is the beginning of a word, `*cat` the end of one, `*cat*` any
    /// part.
    #[schemars(with = "Option<OneOrMany>")]
    words: Option<At<OneOrMany>>,
    /// Files of words and phrases, one a line; lines that begin with `#` are comments, and `\#`
    /// begins a word with `#`.
    #[schemars(with = "Option<OneOrMany>")]
    files: Option<At<OneOrMany>>,
    /// What an entry without `*` matches; a whole word, unless set.
    r#match: Match,
    /// Words and phrases that excuse what lies inside them, written like `words`.
    #[schemars(with = "Option<OneOrMany>")]
    allow: Option<At<OneOrMany>>,
    /// Whether capital and small letters are told apart; they are not, unless set.
    case_sensitive: bool,
}

/// Where in a word an entry matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Match {
    /// All of it.
    #[default]
    Word,
    /// The beginning.
    Prefix,
    /// The end.
    Suffix,
    /// Any part.
    Anywhere,
}

impl Detector for WordList {
    const NAME: &'static str = "word-list";
    const SUMMARY: &'static str = "your own words and phrases, a few or many thousands";
    const PAGE: &'static str = include_str!("word_list.md");
    const LABEL: &'static str = "word";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const READS_ESCAPES: bool = true;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let names_none = options.words.is_none() && options.files.is_none();
        if names_none {
            build.mistake_here(
                Code::MissingKey,
                "neither `words` nor `files` is there".to_owned(),
                "add `words = [\"one\", \"another\"]`, for instance".to_owned(),
            );
        }
        let places: Vec<_> = [&options.words, &options.files]
            .into_iter()
            .flatten()
            .map(|at| at.range.clone())
            .collect();
        let mistakes = build.diagnostics.len();
        let mut entries = Vec::new();
        for At { value, range } in options.words.map(At::placed).unwrap_or_default() {
            add(&mut entries, &value, options.r#match, "", range, build);
        }
        for path in options.files.map(At::placed).unwrap_or_default() {
            let Some(text) = build.file(&path) else { continue };
            for (number, line) in text.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                let entry = line.strip_prefix('\\').filter(|rest| rest.starts_with('#'));
                let whence = format!("line {} of `{}`: ", number + 1, path.value);
                let entry = entry.unwrap_or(line);
                add(&mut entries, entry, options.r#match, &whence, path.range.clone(), build);
            }
        }
        if entries.is_empty() && !names_none && build.diagnostics.len() == mistakes {
            build.mistake(
                Code::EmptyList,
                places.into_iter().next().unwrap_or_default(),
                "the list holds no word".to_owned(),
                "name at least one, or delete the rule".to_owned(),
            );
        }
        let mut allowed = Vec::new();
        for At { value, range } in options.allow.map(At::placed).unwrap_or_default() {
            add(&mut allowed, &value, Match::Word, "", range, build);
        }
        let place = build.place.clone();
        let list = |entries| List::new(entries, options.case_sensitive);
        match (list(entries), list(allowed)) {
            (Ok(words), Ok(allowed)) => Probe::Text(Box::new(Words { words, allowed })),
            _ => {
                build.mistake(
                    Code::TooLarge,
                    place,
                    "the list is larger than one automaton can be".to_owned(),
                    "make two rules of it".to_owned(),
                );
                Probe::Text(Box::new(Words { words: List::default(), allowed: List::default() }))
            }
        }
    }
}

/// Adds an entry as it is written, or reports what is wrong with it.
fn add(
    entries: &mut Vec<Entry>,
    written: &str,
    default: Match,
    whence: &str,
    range: Range<usize>,
    build: &mut Build<'_>,
) {
    let trimmed = written.trim();
    let (begins, rest) = trimmed.strip_prefix('*').map_or((false, trimmed), |rest| (true, rest));
    let (ends, core) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
    let core = core.trim();
    if core.chars().all(word::is_punctuation) {
        let what = if trimmed.is_empty() {
            "a blank entry".to_owned()
        } else {
            format!("`{trimmed}` has no letter, digit or symbol")
        };
        build.mistake(
            Code::InvalidOption,
            range,
            format!("{whence}{what}"),
            "write a word, or delete the entry".to_owned(),
        );
        return;
    }
    let place = match (begins, ends) {
        (false, false) => default,
        (false, true) => Match::Prefix,
        (true, false) => Match::Suffix,
        (true, true) => Match::Anywhere,
    };
    entries.push(Entry { text: core.into(), place });
}

/// A word or phrase as the policy writes it, without its marks.
struct Entry {
    text: Box<str>,
    place: Match,
}

/// The entry stands in a list that the policy's author wrote.
const LISTED: Evidence = Evidence::of(&[("on the list", 100)]);

struct Words {
    words: List,
    allowed: List,
}

impl TextDetector for Words {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut found = self.words.find(scan);
        if found.is_empty() {
            return;
        }
        order::by_place(&mut found, |range| (range.start, range.end, 0));
        let mut allowed = self.allowed.find(scan);
        order::by_place(&mut allowed, |range| (range.start, range.end, 0));
        // Of what begins no later than the hit, the farthest end tells whether it lies inside.
        let mut excuses = allowed.into_iter().peekable();
        let mut excused = 0;
        let mut last: Option<Range<usize>> = None;
        for range in found {
            while let Some(excuse) = excuses.next_if(|excuse| excuse.start <= range.start) {
                excused = excused.max(excuse.end);
            }
            if range.end <= excused {
                continue;
            }
            let whole = match &last {
                Some(last) if range.end <= last.end => continue,
                Some(last) => whole_word(scan.text(), &range, last.end),
                None => whole_word(scan.text(), &range, 0),
            };
            hits.push(whole.clone(), WordList::LABEL, LISTED);
            last = Some(whole);
        }
    }
}

/// `range`, widened to the words that it begins and ends in, but not to the left of `from`.
fn whole_word(text: &str, range: &Range<usize>, from: usize) -> Range<usize> {
    let before = text.get(from.min(range.start)..range.start).unwrap_or_default();
    let mut start = range.start;
    let mut inner = text.get(range.clone()).and_then(|found| found.chars().next());
    for (at, character) in before.char_indices().rev() {
        if word::ends_between(inner, Some(character)) {
            break;
        }
        start = from.min(range.start) + at;
        inner = Some(character);
    }
    let mut end = range.end;
    let mut inner = text.get(range.clone()).and_then(|found| found.chars().next_back());
    for character in text.get(range.end..).unwrap_or_default().chars() {
        if word::ends_between(inner, Some(character)) {
            break;
        }
        end += character.len_utf8();
        inner = Some(character);
    }
    start..end
}

/// Entries in two automata: one reads the text in small letters, the other, for phrases, also with
/// one space for whatever stands between words.
#[derive(Default)]
struct List {
    literal: Option<Automaton>,
    phrases: Option<Automaton>,
    case_sensitive: bool,
}

struct Automaton {
    automaton: AhoCorasick,
    entries: Vec<Entry>,
}

impl List {
    fn new(entries: Vec<Entry>, case_sensitive: bool) -> Result<Self, aho_corasick::BuildError> {
        let (phrases, literal) = entries.into_iter().partition::<Vec<_>, _>(Entry::is_phrase);
        Ok(Self {
            literal: Automaton::new(literal, Folded::small)?,
            phrases: Automaton::new(phrases, Folded::words)?,
            case_sensitive,
        })
    }

    /// Where the entries are, in no order; a place may be reported more than once.
    fn find(&self, scan: &Scan<'_>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let text = scan.text();
        if let Some(literal) = &self.literal {
            if scan.landmarks().is_ascii() {
                literal.find(
                    text,
                    |range| (Some(range.clone()), text),
                    self.case_sensitive,
                    &mut found,
                );
            } else {
                let folded = scan.small();
                literal.find(
                    folded.text(),
                    |range| (folded.original(range), text),
                    self.case_sensitive,
                    &mut found,
                );
            }
        }
        if let Some(phrases) = &self.phrases {
            let folded = scan.words();
            phrases.find(
                folded.text(),
                |range| (folded.original(range), text),
                self.case_sensitive,
                &mut found,
            );
        }
        found
    }
}

impl Automaton {
    fn new(
        entries: Vec<Entry>,
        respell: impl Fn(&str) -> Folded,
    ) -> Result<Option<Self>, aho_corasick::BuildError> {
        if entries.is_empty() {
            return Ok(None);
        }
        let spellings = entries.iter().map(|entry| respell(&entry.text).text().trim().to_owned());
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(spellings)?;
        Ok(Some(Self { automaton, entries }))
    }

    /// Looks in `respelt`; `original` says where a place in it came from, and in which text.
    fn find<'a>(
        &self,
        respelt: &str,
        original: impl Fn(&Range<usize>) -> (Option<Range<usize>>, &'a str),
        case_sensitive: bool,
        found: &mut Vec<Range<usize>>,
    ) {
        for hit in self.automaton.find_overlapping_iter(respelt) {
            let (Some(range), text) = original(&hit.range()) else { continue };
            let Some(entry) = self.entries.get(hit.pattern().as_usize()) else { continue };
            if entry.place.fits(text, &range)
                && (!case_sensitive || text.get(range.clone()).is_some_and(|part| entry.is(part)))
            {
                found.push(range);
            }
        }
    }
}

impl Entry {
    fn is_phrase(&self) -> bool {
        self.text.split_whitespace().nth(1).is_some()
    }

    /// Whether `part`, known to be this entry but for the case, is so with it.
    fn is(&self, part: &str) -> bool {
        let phrase = self.is_phrase();
        let decomposed = |text: &str| {
            let mut decomposed = String::with_capacity(text.len());
            for character in text.chars() {
                decompose_canonical(character, |part| {
                    if !phrase || word::continues(part) {
                        decomposed.push(part);
                    }
                });
            }
            decomposed
        };
        decomposed(part) == decomposed(&self.text)
    }
}

impl Match {
    fn fits(self, text: &str, range: &Range<usize>) -> bool {
        let part = text.get(range.clone()).unwrap_or_default();
        let begins = || {
            let before = text.get(..range.start).and_then(|before| before.chars().next_back());
            word::ends_between(part.chars().next(), before)
        };
        let ends = || {
            let behind = text.get(range.end..).and_then(|behind| behind.chars().next());
            word::ends_between(part.chars().next_back(), behind)
        };
        match self {
            Self::Word => begins() && ends(),
            Self::Prefix => begins(),
            Self::Suffix => ends(),
            Self::Anywhere => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_linear, found};
    use crate::policy::{Code, Policy, Resources};

    struct Files(&'static str);

    impl Resources for Files {
        fn file(&self, path: &str) -> Result<String, String> {
            if path == "words.txt" { Ok(self.0.to_owned()) } else { Err("not there".to_owned()) }
        }

        fn secret(&self, _: &str) -> Option<String> {
            None
        }
    }

    fn load(file: &'static str, options: &str) -> Result<Policy, Vec<Code>> {
        let text = format!(
            "[[rule]]\nid = 'r'\ndetect = 'word-list'\naction = 'deny'\noptions = {options}\n"
        );
        Policy::load(&text, &Files(file))
            .map_err(|mistakes| mistakes.0.into_iter().map(|one| one.code).collect())
    }

    fn words<'a>(options: &str, text: &'a str) -> Vec<&'a str> {
        found("word-list", options, text)
    }

    #[test]
    fn a_word_inside_another_is_not_it() {
        let options = "{ words = ['cat', 'été', 'c++'] }";
        assert!(words(options, "concat cats bobcat ca t catégorie étés c+").is_empty());
        assert!(words(options, "ca\u{301}t cat\u{308} étée").is_empty(), "accents make it another");
        assert_eq!(words(options, "CAT, _cat_ É́TÉ c++"), ["CAT", "cat", "c++"]);
        assert_eq!(words(options, "l'E\u{301}te\u{301}!"), ["E\u{301}te\u{301}"]);
    }

    #[test]
    fn marks_say_where_in_the_word() {
        let text = "cat cats bobcat bobcats";
        assert_eq!(words("{ words = 'cat*' }", text), ["cat", "cats"]);
        assert_eq!(words("{ words = '*cat' }", text), ["cat", "bobcat"]);
        assert_eq!(words("{ words = '*cat*' }", text), ["cat", "cats", "bobcat", "bobcats"]);
        assert_eq!(words("{ words = 'cat', match = 'prefix' }", text), ["cat", "cats"]);
        assert_eq!(words("{ words = '*cat', match = 'prefix' }", text), ["cat", "bobcat"]);
        assert_eq!(words("{ words = 'cat', match = 'anywhere' }", text).len(), 4);
    }

    #[test]
    fn a_phrase_bridges_spaces_and_punctuation() {
        let options = "{ words = ['free  money', 'rock & roll*'] }";
        assert!(words(options, "freemoney, free moneybags, carefree money").is_empty());
        assert_eq!(
            words(options, "Free... MONEY, rock\n'rollers"),
            ["Free... MONEY", "rock\n'rollers"]
        );
    }

    #[test]
    fn scripts_without_spaces_have_no_boundaries() {
        assert_eq!(words("{ words = '赌博' }", "网上赌博的人"), ["赌博"]);
    }

    #[test]
    fn what_is_allowed_excuses_only_what_lies_inside() {
        let options = "{ words = ['*ass*', 'bass'], allow = ['class*', 'bass player'] }";
        assert!(words(options, "classes; a bass player").is_empty());
        assert_eq!(words(options, "class grass bass, players"), ["grass", "bass"]);
    }

    #[test]
    fn case_is_told_apart_when_asked() {
        let options = "{ words = ['US', 'big Bad'], case-sensitive = true }";
        assert_eq!(words(options, "us US big bad big, Bad é"), ["US", "big, Bad"]);
    }

    #[test]
    fn an_entry_inside_another_is_found_once() {
        let options = "{ words = ['a b', 'a b c', 'b', 'c d'] }";
        assert_eq!(words(options, "a b c d"), ["a b c", "c d"]);
    }

    #[test]
    fn a_file_has_a_word_a_line() {
        let policy =
            load("# mine\nfoo\n\n \\#tag \nbar*\r\nfoo\n", "{ files = 'words.txt' }").unwrap();
        let findings = |text: &str| match policy.evaluate(&crate::Message::text(text)) {
            crate::Progress::Done(verdict) => verdict.findings.len(),
            crate::Progress::Asks(_) => panic!("it asks"),
        };
        assert_eq!(findings("mine tag food"), 0);
        assert_eq!(findings("foo #tag bars"), 3);
    }

    #[test]
    fn every_bad_entry_is_a_mistake() {
        let codes = |file, options| load(file, options).err().unwrap_or_default();
        assert_eq!(codes("", "{ }"), [Code::MissingKey]);
        assert_eq!(codes("", "{ words = [] }"), [Code::EmptyList]);
        assert_eq!(codes("# none\n", "{ files = 'words.txt' }"), [Code::EmptyList]);
        assert_eq!(codes("", "{ files = 'other.txt' }"), [Code::MissingFile]);
        let blanks =
            codes("ok\n...\n", "{ words = ['', ' ', '**', 'fine', '?!'], files = 'words.txt' }");
        assert_eq!(blanks, [Code::InvalidOption; 5]);
        assert_eq!(codes("", "{ words = '🍆', allow = '-' }"), [Code::InvalidOption]);
    }

    #[test]
    fn time_is_linear() {
        let options = "{ words = ['*a*', 'b', 'a a', '*aa'], allow = ['*ab*', 'a a a'] }";
        assert_linear("word-list", options, &["a", "a ", "ab", "é", "ae\u{301}", "b.", "a, "]);
    }
}
