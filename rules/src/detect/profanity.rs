mod accents;
mod disguise;
mod glyph;
mod hashtag;
mod lexicon;
mod phrases;
mod reading;
mod search;
mod senses;
mod sentence;
mod template;
mod tokens;
mod turned;

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

pub(super) use self::disguise::Judged;
use self::glyph::{Glyph, Role};
pub(crate) use self::lexicon::Kind;
use self::lexicon::{BETWEEN, Category, Language, OTHER, Severity};
use self::phrases::Phrases;
pub(crate) use self::reading::read_as;
use super::{ANY_ACTION, About, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::order;
use crate::policy::{Action, At, Build, Code, OneOrMany};

#[doc = include_str!("profanity.md")]
pub(crate) struct Profanity;

/// The Latin letter, small, that a reader takes the character for, if any.
pub(super) fn latin_letter(character: char) -> Option<char> {
    let glyph = Glyph::of(character);
    let letter = matches!(glyph.role, Role::Letter | Role::Digit | Role::Symbol | Role::Foreign);
    letter.then(|| char::from(lexicon::letter(glyph.symbol)))
}

/// Options of `profanity`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ProfanityOptions")]
pub(crate) struct Options {
    /// Whether the words of the lexicon are found; they are, unless set.
    lexicon: bool,
    /// What to find; everything, unless set.
    #[schemars(with = "Option<Vec<Category>>")]
    categories: Option<At<Vec<Category>>>,
    /// The least severity that is found; `moderate`, unless set.
    severity: Severity,
    /// In which languages; all, unless set.
    #[schemars(with = "Option<Vec<Language>>")]
    languages: Option<At<Vec<Language>>>,
    /// Phrases of your own, in disguise or not: words, `(one|other)`, and slots such as `[you]`.
    #[schemars(with = "Option<OneOrMany>")]
    phrases: Option<At<OneOrMany>>,
    /// Slots of your own, by name, with what fits them.
    #[schemars(with = "BTreeMap<String, OneOrMany>")]
    slots: BTreeMap<String, At<OneOrMany>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lexicon: true,
            categories: None,
            severity: Severity::default(),
            languages: None,
            phrases: None,
            slots: BTreeMap::new(),
        }
    }
}

impl Detector for Profanity {
    const NAME: &'static str = "profanity";
    const SUMMARY: &'static str = "swearing, slurs, threats and the like, in disguise or not";
    const PAGE: &'static str = include_str!("profanity.md");
    const LABEL: &'static str = "profanity";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let mut named = |key: &str, range: Option<(bool, Range<usize>)>| {
            if let Some((true, range)) = range {
                build.mistake(
                    Code::EmptyList,
                    range,
                    format!("`{key}` names nothing"),
                    "name at least one, or leave the key away to find all".to_owned(),
                );
            }
        };
        let place = |empty: bool, range: &Range<usize>| (empty, range.clone());
        named(
            "categories",
            options.categories.as_ref().map(|at| place(at.value.is_empty(), &at.range)),
        );
        named(
            "languages",
            options.languages.as_ref().map(|at| place(at.value.is_empty(), &at.range)),
        );
        if !options.lexicon && options.phrases.is_none() {
            build.mistake_here(
                Code::MissingKey,
                "without the lexicon and without `phrases` there is nothing to find".to_owned(),
                "add `phrases = [\"one of mine\"]`, or delete `lexicon`".to_owned(),
            );
        }
        if options.phrases.is_none()
            && let Some(slot) = options.slots.values().next()
        {
            build.mistake(
                Code::UnusedKey,
                slot.range.clone(),
                "there are slots, and no `phrases` that have them".to_owned(),
                "add `phrases`, or delete `slots`".to_owned(),
            );
        }
        let phrases = options.phrases.and_then(|list| own(list, options.slots, build));
        Probe::Text(Box::new(Wanted {
            lexicon: options.lexicon,
            phrases,
            categories: options.categories.map(|at| at.value),
            severity: options.severity,
            languages: options.languages.map(|at| at.value),
        }))
    }
}

/// The policy's own phrases; mistakes in them are reported.
fn own(
    list: At<OneOrMany>,
    slots: BTreeMap<String, At<OneOrMany>>,
    build: &mut Build<'_>,
) -> Option<Phrases> {
    let place = list.range.clone();
    if list.value.0.is_empty() {
        build.mistake(
            Code::EmptyList,
            place.clone(),
            "`phrases` names nothing".to_owned(),
            "name one, or leave the key away".to_owned(),
        );
    }
    let slots = fillings(slots, &list.value, build);
    let mut all = Vec::new();
    for At { value, range } in list.placed() {
        match template::phrases(&value, &slots) {
            Ok(phrases) if phrases.iter().all(|one| phrases::is_readable(one)) => {
                all.extend(phrases);
            }
            Ok(_) => build.mistake(
                Code::InvalidOption,
                range,
                format!("`{value}` may stand for a phrase without a letter"),
                "write at least one word outside of what may be left away".to_owned(),
            ),
            Err(mistake) => build.mistake(Code::InvalidOption, range, mistake.what, mistake.help),
        }
    }
    let many = all.len() > template::MOST;
    let phrases = Phrases::new(if many { Vec::new() } else { all });
    if many || phrases.is_err() {
        build.mistake(
            Code::TooLarge,
            place,
            format!("the templates stand for more than {} phrases", template::MOST),
            "make two rules of it".to_owned(),
        );
    }
    phrases.ok()
}

/// What fits the policy's own slots; mistakes in them are reported.
fn fillings(
    slots: BTreeMap<String, At<OneOrMany>>,
    phrases: &OneOrMany,
    build: &mut Build<'_>,
) -> BTreeMap<String, Vec<String>> {
    let mut fillings = BTreeMap::new();
    for (name, list) in slots {
        if list.value.0.is_empty() {
            build.mistake(
                Code::EmptyList,
                list.range.clone(),
                format!("the slot `{name}` names nothing"),
                "name what fits it, or delete it".to_owned(),
            );
        }
        if !phrases.0.iter().any(|phrase| template::has_slot(&phrase.value, &name)) {
            build.mistake(
                Code::UnusedKey,
                list.range.clone(),
                format!("no phrase has the slot `[{name}]`"),
                format!("write `[{name}]` in one of `phrases`, or delete the slot"),
            );
        }
        let mut values = Vec::new();
        for At { value, range } in list.placed() {
            if let Err(mistake) = template::value(&value) {
                build.mistake(Code::InvalidOption, range, mistake.what, mistake.help);
            }
            values.push(value);
        }
        fillings.insert(name, values);
    }
    fillings
}

const OWN: Evidence = Evidence::of(&[("a phrase of the policy", 100)]);
const OWN_DISGUISED: Evidence =
    Evidence::of(&[("a phrase of the policy", 100), ("only once the disguise is off", -15)]);
const PLAIN: Evidence = Evidence::of(&[("a word of the lexicon", 95)]);
const DISGUISED: Evidence =
    Evidence::of(&[("a word of the lexicon", 95), ("only once the disguise is off", -15)]);
const MASKED: Evidence =
    Evidence::of(&[("a word of the lexicon", 95), ("some of its letters are guessed", -25)]);

struct Wanted {
    lexicon: bool,
    phrases: Option<Phrases>,
    categories: Option<Vec<Category>>,
    severity: Severity,
    languages: Option<Vec<Language>>,
}

impl Wanted {
    fn has(&self, kind: Kind) -> bool {
        kind.severity >= self.severity
            && self.categories.as_ref().is_none_or(|wanted| wanted.contains(&kind.category))
            && self.languages.as_ref().is_none_or(|wanted| wanted.contains(&kind.language))
    }
}

impl TextDetector for Wanted {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if let Some(phrases) = &self.phrases {
            for phrase in phrases.find(scan.text()) {
                let evidence = if phrase.disguised { OWN_DISGUISED } else { OWN };
                let evidence = evidence.about(About::Phrase(phrase.number));
                hits.push(phrase.range, Profanity::LABEL, evidence);
            }
        }
        if !self.lexicon {
            return;
        }
        // Whole words, each once; of two at the same place the longer and the less guessed.
        let mut reported = 0;
        for Found { range, kind, evidence } in scan.profanities() {
            if range.end <= reported || !self.has(*kind) {
                continue;
            }
            let whole = whole_word(scan.text(), range, reported);
            reported = whole.end;
            hits.push(whole, label(kind.category), evidence.about(About::Entry(*kind)));
        }
    }

    fn phrase(&self, number: usize) -> Option<&str> {
        self.phrases.as_ref()?.phrase(number)
    }
}

/// An entry of the lexicon that stands in a text.
#[derive(Debug)]
pub(super) struct Found {
    range: Range<usize>,
    kind: Kind,
    evidence: Evidence,
}

/// Everything that the lexicon has in a text, in order: what the rules that choose by category and
/// severity choose from. Of two at the same place the longer comes first, then the less guessed.
pub(super) fn find(scan: &Scan<'_>) -> Vec<Found> {
    let text = scan.text();
    let mut found = Vec::new();
    let mut plain = Vec::new();
    let found_plain = |range: Range<usize>, hit: &search::Found| {
        let kind = senses::kind_at(text, &range, hit);
        Found { range, kind, evidence: PLAIN }
    };
    if scan.landmarks().is_ascii() {
        search::search_text(scan.bytes(), &lexicon::SYMBOLS_OF_BYTES, &mut plain);
        found.extend(plain.into_iter().map(|hit| found_plain(hit.core.clone(), &hit)));
    } else {
        let letters = Letters::of(text);
        search::search_text(&letters.symbols, &lexicon::ITSELF, &mut plain);
        found.extend(plain.into_iter().filter_map(|hit| {
            let place = letters.place(&hit.core);
            let kind = accents::kind_of(&hit, text, &place)?;
            Some(found_plain(place, &search::Found { kind, ..hit }))
        }));
    }
    find_disguised(scan, &mut found);
    order::by_place(&mut found, |found| {
        (found.range.start, found.range.end, found.evidence.confidence())
    });
    found
}

/// Adds what is written with anything else than its letters.
fn find_disguised(scan: &Scan<'_>, found: &mut Vec<Found>) {
    let text = scan.text();
    let mut disguised = Vec::new();
    let plain = found.iter().map(|found| &found.range);
    let mixed = disguise::disguised(text, plain, scan.memory(), &mut disguised);
    sentence::phrases(text, &mixed, &mut disguised);
    hashtag::apart(text, &mut disguised);
    if !scan.landmarks().is_ascii() {
        turned::upright(text, &mut disguised);
    }
    found.extend(disguised.into_iter().map(|hit| {
        let evidence = if hit.masked { MASKED } else { DISGUISED };
        Found { range: hit.range, kind: hit.kind, evidence }
    }));
}

/// `range` with the letters that touch it, or seem to, since what is between is not seen; but nothing
/// before `from`.
fn whole_word(text: &str, range: &Range<usize>, from: usize) -> Range<usize> {
    let before = text.get(from.min(range.start)..range.start).unwrap_or_default();
    let behind = text.get(range.end..).unwrap_or_default();
    range.start - reach(&mut before.chars().rev())..range.end + reach(&mut behind.chars())
}

/// How far a word goes on into what stands beside it, from there on, in bytes.
fn reach(beside: &mut dyn Iterator<Item = char>) -> usize {
    let (mut length, mut seen) = (0, 0);
    for one in beside {
        length += one.len_utf8();
        if super::word::continues(one) {
            seen = length;
        } else if one.is_ascii() || Glyph::of(one).role != Role::Nothing {
            break;
        }
    }
    seen
}

/// What a label redaction calls it.
fn label(category: Category) -> &'static str {
    match category {
        Category::Threat => "threat",
        Category::SelfHarm => "crisis",
        Category::Profane | Category::Sexual | Category::Slur | Category::Insult => {
            Profanity::LABEL
        }
    }
}

/// A text that is not ASCII, as the automaton reads it: accents and what is drawn as nothing are
/// left out.
struct Letters<'t> {
    text: &'t str,
    symbols: Vec<u8>,
    /// Where each symbol's character begins; a message is shorter than four gigabytes.
    starts: Vec<u32>,
}

impl<'t> Letters<'t> {
    fn of(text: &'t str) -> Self {
        let mut letters = Self {
            text,
            symbols: Vec::with_capacity(text.len()),
            starts: Vec::with_capacity(text.len()),
        };
        let mut start = 0;
        // Stretches of ASCII at once, and what is beyond that one by one.
        for part in text.split_inclusive(|character: char| !character.is_ascii()) {
            let beyond = part.chars().next_back().filter(|last| !last.is_ascii());
            let length = part.len() - beyond.map_or(0, char::len_utf8);
            let ascii = part.as_bytes().get(..length).unwrap_or_default();
            letters.symbols.extend(ascii.iter().map(|byte| lexicon::symbol_of(*byte)));
            letters.starts.extend((offset(start)..).take(length));
            if let Some(character) = beyond {
                letters.add(character, start + length);
            }
            start += part.len();
        }
        letters
    }

    /// Adds a character that is not ASCII.
    fn add(&mut self, character: char, at: usize) {
        let glyph = Glyph::of(character);
        let symbol = match glyph.role {
            Role::Nothing => return,
            _ if character == 'ß' => lexicon::symbol(b's'),
            Role::Letter => glyph.symbol,
            Role::Digit | Role::Foreign | Role::Opaque => OTHER,
            _ if character.is_alphabetic() => OTHER,
            _ => BETWEEN,
        };
        // Another letter than its plain one: `coño` is a word that `cono` is not.
        let times = if matches!(character, 'ß' | 'ñ' | 'Ñ') { 2 } else { 1 };
        self.symbols.extend(std::iter::repeat_n(symbol, times));
        self.starts.extend(std::iter::repeat_n(offset(at), times));
    }

    /// The bytes of the text that a range of symbols stands for.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let start = |index: usize| {
            self.starts.get(index).and_then(|start| usize::try_from(*start).ok()).unwrap_or(0)
        };
        let last = start(range.end.saturating_sub(1));
        let length = self.text.get(last..).and_then(|rest| rest.chars().next());
        start(range.start)..last + length.map_or(0, char::len_utf8)
    }
}

/// Where a character begins.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_linear, found};
    use crate::policy::{Code, NoResources, Policy};

    #[test]
    fn severity_and_category_choose() {
        let text = "damn, this shit is for morons";
        assert_eq!(found("profanity", "{}", text), ["shit", "morons"]);
        assert_eq!(found("profanity", "{ severity = 'mild' }", text), ["damn", "shit", "morons"]);
        assert_eq!(found("profanity", "{ categories = ['insult'] }", text), ["morons"]);
        assert_eq!(found("profanity", "{ languages = ['de'] }", "shit, Scheiße"), ["Scheiße"]);
    }

    #[test]
    fn the_place_is_that_of_the_text_as_it_was_written() {
        assert_eq!(found("profanity", "{}", "é f\u{200b}u\u{301}ck é"), ["f\u{200b}u\u{301}ck"]);
        assert_eq!(found("profanity", "{}", "oh s h i t, no"), ["s h i t"]);
        assert_eq!(found("profanity", "{}", "what a sh!tty day"), ["sh!tty"]);
        assert_eq!(found("profanity", "{}", "sо fuсking gооd"), ["fuсking"]);
    }

    #[test]
    fn words_and_phrases_run_together_turned_or_half_in_disguise_are_found() {
        let self_harm = "{ categories = ['self-harm'], severity = 'strong' }";
        for text in ["k1ll the lights yourself", "sk1ll yourself", "#KillSwitch yourself", "ask ys"]
        {
            assert!(found("profanity", self_harm, text).is_empty(), "{text}");
        }
        assert_eq!(found("profanity", self_harm, "just k1ll yourself"), ["k1ll yourself"]);
        assert_eq!(found("profanity", self_harm, "k!ll urself pls"), ["k!ll urself"]);
        assert_eq!(found("profanity", "{}", "so #WhatTheShit"), ["WhatTheShit"]);
        assert_eq!(found("profanity", "{}", "oh ʇᴉɥs no"), ["ʇᴉɥs"]);
        assert_eq!(found("profanity", "{}", "hoes&#128514;&#128514;"), ["hoes"]);
    }

    #[test]
    fn words_of_other_languages_are_left_alone() {
        for text in
            ["ich vergaß den Spaß", "die Nachttischlampe", "er aß mit der FDP", "fromage râpé"]
        {
            assert!(found("profanity", "{}", text).is_empty(), "{text}");
        }
        assert_eq!(found("profanity", "{}", "so eine Scheiße, ßitch"), ["Scheiße", "ßitch"]);
        assert_eq!(found("profanity", "{}", "ᴊᴏᴅᴇʀ, f*tze, $#1t"), ["ᴊᴏᴅᴇʀ", "f*tze", "$#1t"]);
    }

    #[test]
    fn phrases_of_the_policy_are_found_too() {
        let options = "{ lexicon = false, phrases = ['go( back|) to [place]', '[hurt] [your] [body]'], \
                       slots = { place = ['your country', 'the kitchen'] } }";
        for text in ["go to work, shit", "back to your country", "hurt his feelings", "cut it"] {
            assert!(found("profanity", options, text).is_empty(), "{text}");
        }
        assert_eq!(
            found("profanity", options, "Go back to the k1tchen or I smash ur f a c e"),
            ["Go back to the k1tchen", "smash ur f a c e"]
        );
        assert_eq!(
            found("profanity", "{ phrases = 'no gingers' }", "shit, no g1ngers"),
            ["no g1ngers", "shit"]
        );
    }

    #[test]
    fn phrases_with_mistakes_are_reported() {
        let codes = |options: &str| -> Vec<Code> {
            let text = format!(
                "[[rule]]\nid = 'r'\ndetect = 'profanity'\naction = 'deny'\noptions = {options}\n"
            );
            Policy::load(&text, &NoResources).unwrap_err().0.iter().map(|one| one.code).collect()
        };
        assert_eq!(codes("{ lexicon = false }"), [Code::MissingKey]);
        assert_eq!(codes("{ phrases = [] }"), [Code::EmptyList]);
        assert_eq!(
            codes("{ phrases = ['[nobody]', '(a|b', '?!', '(a|)', '[hurt] [body] [hurt] [you]'] }"),
            [Code::InvalidOption; 5]
        );
        for (options, code) in [
            ("{ phrases = ['free|cheap pills'] }", Code::InvalidOption),
            ("{ phrases = ['k*ll'] }", Code::InvalidOption),
            ("{ phrases = ['[drug]'], slots = { drug = [] } }", Code::EmptyList),
            ("{ phrases = ['pills'], slots = { drug = ['x'] } }", Code::UnusedKey),
            ("{ slots = { drug = ['x'] } }", Code::UnusedKey),
            ("{ phrases = ['[a]'], slots = { a = '[b]' } }", Code::InvalidOption),
        ] {
            assert_eq!(codes(options), [code], "{options}");
        }
    }

    #[test]
    fn disguises_are_seen_through_where_escapes_may_be_meant_as_written() {
        for text in ["20%41 of classes", "100%, %2easy, as%20is it"] {
            assert!(found("profanity", "{}", text).is_empty(), "{text}");
        }
        assert_eq!(found("profanity", "{}", "100% sh%31t"), ["sh%31t"]);
        assert_eq!(found("profanity", "{}", "100% %20sh1t, %2ecock"), ["sh1t", "cock"]);
        assert_eq!(found("profanity", "{}", "100% f%20u%20c%20k"), ["f%20u%20c%20k"]);
    }

    #[test]
    fn what_stands_beside_a_word_is_found_with_it() {
        for (text, beside) in [
            ("push@ssembly", &[][..]),
            ("ass@ssembly", &["ass"]),
            ("shit@5.30", &["shit"]),
            ("shit/a55", &["shit"]),
            ("ass@ss@ss.com", &["ass", "@ss@ss"]),
            ("f**k-b1tch", &["f**k", "b1tch"]),
        ] {
            assert_eq!(found("profanity", "{}", text), beside, "{text}");
        }
    }

    #[test]
    fn a_word_goes_on_behind_what_is_not_seen() {
        assert_eq!(found("profanity", "{}", "shit\u{200b} happens\u{200d}"), ["shit"]);
        assert_eq!(found("profanity", "{}", "oh shit\u{200d}sh1t."), ["shit\u{200d}sh1t"]);
        assert_eq!(
            found("profanity", "{}", "(shit\u{2060}\u{200b}4111"),
            ["shit\u{2060}\u{200b}4111"]
        );
    }

    #[test]
    fn what_the_default_policy_denies_is_meant_so_in_any_conversation() {
        let strong = "{ categories = ['slur', 'threat', 'self-harm'], severity = 'strong' }";
        for text in [
            "flights to Lesbos, golf at Royal Troon",
            "les retards de la SNCF, retard de 10 minutes",
            "Kike Hernández hits a home run",
            "1488 viewers, founded in 1488",
            "the dyke broke, coons in the attic",
            "Homo sapiens does sambo",
            "chinks of light on a white power supply",
            "toca el fagot, la tortillera",
            "er wog 80 Kilo, ich verrecke vor Hitze",
            "te mato en el FIFA, muérete de envidia",
            "ti ammazzo a FIFA, je te tue à Fortnite",
            "hang yourself a picture, end your life insurance",
            "ich bringe dich um den Verstand, häng dich rein",
            "tu vas mourir de rire, la pédale de frein, un nègre littéraire",
            "out for a quick fag, twenty fags, a packet of fags",
            "ein Homo, die Homo-Ehe",
            "a gay girl and a gay boy",
            "roast beef and roasties, slopey shoulders",
            "white trash bags, a trailer trash party, a half-breed puppy",
            "Nikka whisky, a packie run, the Dykes family, Nigel Quashie",
            "a cotton picker, the NSDAP, what a spaz I am",
            "cuélgate del teléfono, sapatão tamanho 44",
            "Jap, passt mir gut",
            "Nigg, Mr Heeb, Jean Zigo, Federico Faggin, Castelnuovo Nigra",
            "Mi primo Kike juega, el kike llegó",
            "Untermenschen, chinaman, honky tonk",
            "una bomba retardada, um efeito retardado, retards corrosion",
            "checché se ne dica, le nègre de Dumas, een kikker, ngga apa",
            "I hope you die laughing, you should die your hair blue",
            "end your life-long subscription, hang her painting",
            "we will execute them after the build",
            "White power adapter, I'll hang you a picture",
            "you should be shot in daylight for that portrait",
        ] {
            assert!(found("profanity", strong, text).is_empty(), "{text}");
        }
        for text in [
            "you retards",
            "dirty kike",
            "chinks go home",
            "white power",
            "te mato",
            "ti ammazzo",
            "go hang yourself",
            "verrecke",
            "ich bringe dich um",
            "häng dich auf",
            "tu vas mourir",
        ] {
            assert!(!found("profanity", strong, text).is_empty(), "{text}");
        }
    }

    #[test]
    fn names_places_and_foreign_words_are_left_alone() {
        for text in [
            "Scunthorpe, Penistone and Lightwater",
            "Harshita and Akshit assess the class",
            "Dick Cheney",
            "Il est en retard, prends une douche",
            "zu dick aufgetragen",
            "Привет, как дела?",
            "la penisola",
            "cocktails with a peacock",
            "analysis of the document",
            "the Sussex bassist",
            "shuttlecock",
            "a looser rapper with puttees",
            "pens and phages",
            "Graham Gooch",
            "I thot u knew",
            "Fagin and a Shiite",
            "peanut nut butter",
            "Kraut und Rüben, Rotkraut",
            "Bich Ngoc and her shitzu",
            "refugees on Lesbos, a coon hunt",
            "magna cum laude, laid off",
            "rape culture, end rape, rape survivors",
            "hoe the weeds, hoes and rakes, dig with a hoe",
            "a chink in his armour, Octopussy",
            "bastardised, a cock and bull story",
            "the sex of the baby, Sex: male, seg-sex 9h-18h",
            "she was raped, a pedophile was convicted",
            "my nipple hurts, cancer du pénis, infección vaginal",
            "FK constraint, int cnt = 0; cnt++; play mf then ff",
            "blue tits nest, garden hoes, cocks and hens",
            "douche froide, ma douche",
            "un capullo de rosa, la zorra y las uvas, lomo de rape, maldita impresora",
            "Der FCK spielt, ein Shitstorm, am Arsch der Welt, Herr Penner",
            "cum laude, the Cum-Ex scandal, an office-cum-study",
            "cavalo de Troia, um cacete de pão, a punheta de bacalhau",
            "une enflure, violer la loi, la chienne de Paul, violar la ley",
            "vlw kkk, que engraçado kkk, kkk muito bom, hahaha kkk ai",
            "use a nonce, the nonce must be unique",
            "shhh it's late",
            "Die Pute ist im Ofen, Pik Ass gewinnt, täglich ASS 500 mg, ich bin dick erkältet",
            "Un bâtard et deux baguettes, ta gueule de bois, un tirs foutre",
            "O cofre foi arrombado. Os putos foram para a escola",
            "a FAG wheel bearing, Cum. total 455, Siemens cum-div, sku TIT-001, FCK Copenhagen won",
            "champion bitch, a caber tosser, a bundle of faggots, Balaam's ass, cock your head",
            "Sambo is a Russian martial art, order 1488",
            "orgasm disorders; masturbation is normal, says the leaflet",
            "Me tiré un pedo, qué pedo",
            "a crypto nonce, an SMD resistor, the PD said, a BJ's membership",
            "Johnny Depp, Depp testified, Hurenkinder und Schusterjungen",
            "abruti par le soleil, el tren va retrasado, subnormal numbers",
            "un ritardato pagamento, effetto ritardato, un gufo è cornuto",
            "il va mourir, sono stati ammazzati, ela morre no filme, se mata trabajando",
            "El idiota de Dostoievski, kms away",
            "lets blacks vote; the blacks and gays of this town",
        ] {
            assert!(found("profanity", "{}", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_meant_is_told_by_what_is_beside() {
        for text in [
            "the kkk marched",
            "KKK",
            "you sambo",
            "1488",
            "heil 1488",
            "ferme ta gueule",
            "what a cockhead",
            "my cock in your head",
            "they should be shot with a gun",
            "pigeons and bitchpup",
            "grosse pute",
            "they masturbate",
            "YOU ASS 2 TIMES",
            "orgasm",
            "pedo",
            "kill every muslim",
            "shoot all the immigrants",
            "i will end you",
            "quiero morirme",
            "abruti",
            "so ein Depp",
            "nonce!",
            "eres retrasado",
            "sei un cornuto",
            "sale pd",
            "hijo de pvta",
            "eat sh it",
            "#sickofthisshit",
        ] {
            assert!(!found("profanity", "{}", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_tool_is_told_from_an_insult() {
        for text in ["use a hoe", "a hoe or a rake", "hoe cakes", "hoe our garden", "shoes"] {
            assert!(found("profanity", "{}", text).is_empty(), "{text}");
        }
        for text in ["she is a hoe and she knows it", "with a hoe", "a hoe is a hoe", "#hoesbelike"]
        {
            assert!(!found("profanity", "{}", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_word_of_the_body_in_disguise_or_among_others_is_meant() {
        for text in ["penis cancer", "the sperm count", "she was raped", "un cancer du pénis"] {
            assert!(found("profanity", "{}", text).is_empty(), "{text}");
            assert!(!found("profanity", "{ severity = 'mild' }", text).is_empty(), "{text}");
        }
        for text in
            ["p3nis", "v4gina", "r*pe", "I will rape you", "what a douche", "fk off", "you mf"]
        {
            assert!(!found("profanity", "{}", text).is_empty(), "{text}");
        }
        let denied = "{ categories = ['slur'], severity = 'strong' }";
        for text in ["k1ke", "dirty jap", "kikes"] {
            assert!(!found("profanity", denied, text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_a_redaction_leaves_is_not_found() {
        for text in [
            "[profanity]",
            "[threat]",
            "[crisis]",
            "****",
            "oh ****, ***!",
            "•••• ••",
            "(\u{200d}****\u{200d}",
            "(\u{200d}********-****",
            "$****",
        ] {
            assert!(found("profanity", "{ severity = 'mild' }", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn time_for_phrases_is_linear() {
        let options = "{ lexicon = false, phrases = ['a a a b', '[hurt] [you]', 'aba'] }";
        assert_linear(
            "profanity",
            options,
            &["a", "a ", "ab", "1", "1a", "a-", "kill ", "&#1", "é"],
        );
    }

    #[test]
    fn time_is_linear() {
        assert_linear(
            "profanity",
            "{}",
            &[
                "a",
                "f",
                "f*",
                "f-",
                "s h i t ",
                "1",
                "a1",
                "fuck",
                "ass",
                "*",
                "é",
                "е",
                "а1",
                "f.",
                "&#1",
                "<b",
                "kill you ",
                "fuc ",
                "😀",
                "[",
                "@$",
                "x y ",
                "\u{301}",
                "\u{200b}",
                "shit",
                "f*** ",
                "()",
                "aaaa1111 ",
                "penis",
                "Dick ",
                "I will kill you in a ",
                "don't kill yourself ",
                "fück",
                "e\u{301}",
                "@a!",
                "aB",
                "OhNo ",
                "f—k ",
                "f#@% ",
                "аѕѕ ",
                "kkk ",
                "mindmindm*nd",
                "BAD ass 1 ",
                "kill all jews ",
            ],
        );
    }
}
