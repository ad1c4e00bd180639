//! What stands around an entry, and says that something else is meant: a name, a game, a jest.

use std::ops::Range;

use super::glyph::{Glyph, Role};
use super::lexicon::{self, Category, Kind, Language, Severity};
use super::search::Found;
use crate::detect::listed::Listed;

/// What the entry is that was found, in plain letters, at `place`.
pub(super) fn kind_at(text: &str, place: &Range<usize>, found: &Found) -> Kind {
    let kind = found.kind;
    let severity = match kind.category {
        _ if kind.is_name && is_name(text, place) => Severity::Mild,
        _ if kind.is_double && (is_alone(text, place) || is_joined(text, place)) => {
            return kind.meant();
        }
        _ if found.text == "cum" && is_hyphenated(text, place) => Severity::Mild,
        _ if found.text == "kkk" && is_laughter_at(text, place) => Severity::Mild,
        _ if found.text.len() <= SHORT && is_number(text, place) => Severity::Mild,
        _ if is_told_apart(found.text, text, place) => Severity::Mild,
        Category::Threat | Category::SelfHarm if kind.severity == Severity::Strong => {
            let is_jest = kind.category == Category::Threat
                && is_jest(found.text, &Letters::behind(text, place.end, usize::MAX).words());
            let before = Letters::before(text, place.start, 3);
            if is_jest || is_denied(kind.language, &before.words()) {
                Severity::Moderate
            } else {
                kind.severity
            }
        }
        _ => kind.severity,
    };
    Kind { severity, ..kind }
}

/// Whether the word at `place` is written like a name where no other word is: with a capital, behind
/// a word that names may be behind, or before one that they may be before.
fn is_name(text: &str, place: &Range<usize>) -> bool {
    let written = text.get(place.clone()).unwrap_or_default();
    if !is_capitalised(written) {
        return false;
    }
    let before = text.get(..place.start).unwrap_or_default();
    if before.ends_with('@') {
        return true;
    }
    if let Some(last) = Letters::before(text, place.start, 1).words().first() {
        return !NO_NAMES_BEHIND.has(last);
    }
    let behind = text.get(place.end..).unwrap_or_default();
    let next = behind.trim_start_matches([' ', ',']);
    behind.starts_with([',', ':'])
        || behind.starts_with(' ') && is_capitalised(next)
        || Letters::behind(text, place.end, 1).words().first().is_some_and(|next| NEXT.has(next))
}

/// Whether these letters end with a word that no name is behind.
pub(super) fn is_behind_no_name(before: &str) -> bool {
    before.split_whitespace().next_back().is_some_and(|last| NO_NAMES_BEHIND.has(last))
}

/// Whether the word at `place` is all that the text says.
fn is_alone(text: &str, place: &Range<usize>) -> bool {
    /// The most bytes beside it.
    const MOST: usize = 8;
    let (before, behind) = beside(text, place);
    if before.len() > MOST {
        return false;
    }
    let behind = behind.trim_start_matches(|one: char| one.is_ascii_lowercase());
    before.len() + behind.len() <= MOST
        && !before.chars().chain(behind.chars()).any(char::is_alphanumeric)
}

/// Whether the word at `place` goes on with more than an ending, or does not begin there.
fn is_joined(text: &str, place: &Range<usize>) -> bool {
    let is_letter = |one: &u8| one.is_ascii_alphabetic();
    let (before, behind) = beside(text, place);
    let rest = behind.bytes().take(3).take_while(is_letter).count();
    rest == 3 || before.bytes().next_back().is_some_and(|last| is_letter(&last))
}

/// What stands before `place`, and what behind.
fn beside<'t>(text: &'t str, place: &Range<usize>) -> (&'t str, &'t str) {
    let before = text.get(..place.start).unwrap_or_default();
    (before, text.get(place.end..).unwrap_or_default())
}

/// Whether hyphens join the word to others: an office-cum-study.
fn is_hyphenated(text: &str, place: &Range<usize>) -> bool {
    let (before, behind) = beside(text, place);
    before.ends_with('-') && behind.starts_with('-')
}

/// Whether a word near the entry says that something else is meant: `Pik Ass`, `a champion bitch`.
fn is_told_apart(entry: &str, text: &str, place: &Range<usize>) -> bool {
    let Ok(at) = BESIDE.binary_search_by_key(&entry, |(entry, _)| *entry) else { return false };
    let Some((_, tells)) = BESIDE.get(at) else { return false };
    let (own_before, own_behind) = beside(text, place);
    let is_letter = |one: char| one.is_alphabetic();
    let rest = own_behind.split(|one| !is_letter(one)).next().unwrap_or_default();
    // `cockhead` is another word than `cock`.
    if own_before.ends_with(is_letter) || !lexicon::is_ending(rest) {
        return false;
    }
    let end = place.end + rest.len();
    // What is shortened goes on: `cum. total`.
    let shortened = text.get(end..).is_some_and(|behind| behind.starts_with(". "));
    let before = Letters::before(text, place.start, NEAR);
    let behind = Letters::behind(text, end + usize::from(shortened), NEAR);
    let (before, behind) = (before.words(), behind.words());
    // `_` is where the entry stands.
    tells.split(' ').any(|tell| match (tell.strip_suffix('_'), tell.strip_prefix('_')) {
        (Some(tell), _) => before.first() == Some(&tell),
        (_, Some(tell)) => behind.first() == Some(&tell),
        _ => near(&before, &behind).any(|word| word == tell),
    })
}

/// So many words on each side are near.
const NEAR: usize = 3;

/// The words on each side that are near.
fn near<'w>(before: &'w [&str], behind: &'w [&str]) -> impl Iterator<Item = &'w str> {
    before.iter().take(NEAR).chain(behind.iter().take(NEAR)).copied()
}

/// Entries, and words near them, or just before or behind, that say that something else is meant.
static BESIDE: &[(&str, &str)] = &[
    (
        "1488",
        "_euros _likes _people _points _steps _views about_ bus_ code_ flight_ in_ invoice_ number_ \
         order_ page_ room_ since_ ticket_",
    ),
    ("a bj", "_s"),
    ("abruti", "_de _par"),
    ("arrombada", "casa_ foi_ loja_ porta_ sido_"),
    ("arrombadas", "foram_ lojas_ portas_"),
    ("arrombado", "carro_ cofre_ foi_ sido_"),
    ("arrombados", "carros_ foram_"),
    ("ass", "balaam herz_ karo_ kreuz_ milk pik_"),
    ("batard", "baguette baguettes croissant croissants pain_"),
    ("bitch", "breeder brood_ champion_ crufts kennel litter nursing_ pup puppies puppy_ spayed"),
    ("cock", "_her _his _its _your"),
    ("cum", "_div _freq _total"),
    ("dick", "angezogen bestrichen eingepackt erkaltet"),
    ("fag", "bearing bearings lager radlager wheel"),
    ("faggot", "bundle bundles"),
    ("faggots", "bundle bundles"),
    ("fck", "copenhagen kobenhavn"),
    ("hang him", "_a"),
    ("hang you", "_a"),
    ("hope he dies", "_happy _laughing _old"),
    ("hope she dies", "_happy _her _laughing _old"),
    ("pedo", "_de bien_ el_ en_ muy_ que_ su_ tu_ un_"),
    ("pedos", "los_ unos_"),
    ("pute", "der_ die_ eine_ einer_"),
    ("putos", "aos_ dos_ meus_ os_ teus_"),
    ("ta gueule", "bois"),
    ("tosser", "caber_ pancake_ pizza_ salad_"),
    ("un ritardato", "_arrivo _avvio _inizio _pagamento _rilascio"),
    ("white power", "_adapter _adapters _outlet _plug _socket"),
];

/// Whether the word is in capitals alone.
fn is_in_capitals(text: &str, place: &Range<usize>) -> bool {
    let word = text.get(place.clone()).unwrap_or_default();
    word.bytes().all(|one| one.is_ascii_uppercase())
}

/// Whether `kkk` is laughter, as in Portuguese: in small letters, beside laughter or words of that
/// language, or at the end of a sentence or a part of one, and not what English words are about.
fn is_laughter_at(text: &str, place: &Range<usize>) -> bool {
    let before = Letters::before(text, place.start, NEAR);
    let behind = Letters::behind(text, place.end, NEAR);
    let (before, behind) = (before.words(), behind.words());
    let is_end = beside(text, place).1.starts_with(',') || behind.is_empty();
    let ends = || is_end && before.first().is_some_and(|last| !ENGLISH.has(last));
    let laughs = |word: &str| is_laughter(word) || PORTUGUESE.has(word);
    !is_in_capitals(text, place) && (near(&before, &behind).any(laughs) || ends())
}

/// What much of the chat in Portuguese has.
const PORTUGUESE: Listed = Listed::of(
    "\
     adorei amei bom cara demais essa esse eu gente isso mano meu mto muito nao obrigada obrigado \
     que sim ta vc vdd vlw voce",
);

/// What laughter is not behind.
const ENGLISH: Listed = Listed::of("a and are by for from in is join like love of or the to with");

/// Letters of words that are also those of products and their makers.
const SHORT: usize = 3;

/// Whether the word is in capitals, others are not, and a number is behind it: `TIT-001`, `ASS 500`.
fn is_number(text: &str, place: &Range<usize>) -> bool {
    /// So many bytes on both sides are looked at.
    const NEAR: usize = 24;
    let (before, behind) = beside(text, place);
    let number = behind.strip_prefix([' ', '-']).unwrap_or_default();
    let mut near = before.bytes().rev().take(NEAR).chain(behind.bytes().take(NEAR));
    number.bytes().next().is_some_and(|first| first.is_ascii_digit())
        && is_in_capitals(text, place)
        && near.any(|one| one.is_ascii_lowercase())
}

/// A capital, and a small letter behind it.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// Whether what is behind a threat says that it is one of a game or of friends.
fn is_jest(threat: &str, behind: &[&str]) -> bool {
    /// How many words are looked at.
    const MOST: usize = 5;
    let near = behind.get(..MOST).unwrap_or(behind);
    let any = |list: Listed| near.iter().any(|word| list.has(word));
    let leads = near.first().is_some_and(|first| LEADING.has(first));
    behind.iter().any(|word| is_laughter(word))
        || leads && any(JESTS)
        || PLACES.split(' ').any(|place| threat.ends_with(place)) && any(MEETING)
}

/// Whether the word is laughter, however long.
fn is_laughter(word: &str) -> bool {
    const BEGINNINGS: &[&str] =
        &["ahah", "haha", "hehe", "hihi", "jaja", "jeje", "kkk", "lmao", "lmfao", "mdrr", "rsrs"];
    const WORDS: Listed = Listed::of("jk lol mdr ptdr rs xd");
    WORDS.has(word) || BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
}

/// Whether what is before a threat or a call denies it; `why don't you` does not.
fn is_denied(language: Language, before: &[&str]) -> bool {
    let (is_not, before) = match before {
        ["t", verb, before @ ..] => (["don", "didn", "doesn"].contains(verb), before),
        ["no", before @ ..] => (language != Language::En, before),
        [word, before @ ..] => (NOTS.has(word), before),
        [] => (false, before),
    };
    is_not && !before.first().is_some_and(|word| WHY.has(word))
}

/// What no name is behind.
const NO_NAMES_BEHIND: Listed = Listed::of(
    "\
     a absolute an big complete dirty dumb eat fat filthy fuck fucking hard her his huge im la \
     lick little m mi my ni no of our puta que re ride small some stupid such suck sucking sucks \
     that the their these this those tiny total tu u ugly una ur what you your",
);

/// What stands behind a name that begins a sentence.
const NEXT: Listed = Listed::of(
    "\
     and asked called can e es et from ha has is just lives s said says scrisse sent thinks told \
     wants was will wrote y",
);

/// What leads from a threat to what makes a jest of it.
const LEADING: Listed = Listed::of(
    "\
     a al alla ao at au aux bei beim d dans de di die em en falls if im in na nel nella no of on \
     se si sur unless vor wenn",
);

/// Games, stories, and what friends scold each other for.
const JESTS: Listed = Listed::of(
    "\
     ajedrez apex baci beijos besos book bowling bread cake caldo calor camera cansaco cansancio \
     cards cartas carte catan chaud chess chocolat chocolate cod colour comes cosquillas darts \
     daylight dimentichi duty eat echecs ecke envidia esquecer esqueces faim fame fatigue fifa \
     film fome forget forgot fortnite freddo frio froid game games gateau gioco golf halo hambre \
     honte hunger inveja invidia isst jeu jogo juego karaoke karten kuchen lachen langeweile late \
     laughing laughter league leftovers level manges mangi mario match minecraft monopoly movie \
     noia olvidas oublies overwatch pain pan pane pao partida partie partita pizza poker pong pool \
     portrait pubg rematch retard ridere rir rire risa roblox scacchi scene schach schokolade \
     scrabble song spat spiel spoil spoiler spoilers spoils squash tarde tardi tekken tenis tennis \
     trivia uno valorant vergisst warzone xadrez",
);

/// Ends of threats that say where somebody is to be found.
const PLACES: &str = "live wohnst vives vis abiti vivi habites mora";

/// What people do who only mean to come by.
const MEETING: Listed = Listed::of(
    "\
     bring buscar busco drop garden hole meet need neighbors neighbours paso passe passo pick \
     prendo recojo send worry",
);

/// What denies; and `ich`, since `ich bring dich um` is no call.
const NOTS: Listed = Listed::of("didnt doesnt dont ich jamais nao never nicht non not");

const WHY: Listed = Listed::of("perche porque pourquoi que warum why");

/// Letters of the same sentence before or behind a place, small and without accents, with one space
/// between words.
struct Letters {
    bytes: [u8; Letters::MOST],
    length: usize,
    is_before: bool,
}

impl Letters {
    /// So many characters are looked at.
    const MOST: usize = 48;

    /// Those of at least so many words, if there are as many.
    fn behind(text: &str, from: usize, words: usize) -> Self {
        Self::of(&mut text.get(from..).unwrap_or_default().chars(), false, words)
    }

    fn before(text: &str, to: usize, words: usize) -> Self {
        let mut own = Self::of(&mut text.get(..to).unwrap_or_default().chars().rev(), true, words);
        own.bytes.get_mut(..own.length).unwrap_or_default().reverse();
        own
    }

    fn of(characters: &mut dyn Iterator<Item = char>, is_before: bool, mut words: usize) -> Self {
        let mut own = Self { bytes: [b' '; Self::MOST], length: 0, is_before };
        let mut last = b'*';
        let mut is_word = false;
        for _ in 0..Self::MOST {
            let Some(character) = characters.next() else { break };
            let glyph = match character {
                '.' | '!' | '?' | ';' | '\n' => break,
                _ => Glyph::of(character),
            };
            let letter = match glyph.role {
                Role::Letter => lexicon::letter(glyph.symbol),
                Role::Star => b'*',
                _ => b' ',
            };
            if letter == b' ' && is_word {
                words -= 1;
                if words == 0 {
                    break;
                }
            }
            is_word = letter != b' ' && (is_word || letter != b'*');
            if let Some(place) =
                own.bytes.get_mut(own.length).filter(|_| letter != b' ' || last != b' ')
            {
                (*place, last) = (letter, letter);
                own.length += 1;
            }
        }
        own
    }

    /// The words, the nearest first. One that is masked is one, too, and so is what a mask is a part
    /// of: otherwise a mask would leave the next word without any before it, or with another, and so
    /// make another of it.
    #[inline(never)]
    fn words(&self) -> Vec<&str> {
        /// The least of a mask.
        const MASK: &str = "***";
        let letters = self.bytes.get(..self.length).unwrap_or_default();
        let text = str::from_utf8(letters).unwrap_or_default();
        let apart =
            if self.is_before { text.trim_end_matches('*') } else { text.trim_start_matches('*') };
        // Stars that touch the place are emphasis; more than that are a mask.
        let text = if text.len() - apart.len() > MASK.len() { text } else { apart };
        let masked = |word: &str| word.starts_with(MASK) || word.ends_with(MASK);
        let plain = |word| if masked(word) { word } else { word.trim_matches('*') };
        let words = text.split(' ').map(plain);
        let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if self.is_before {
            words.reverse();
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::found;
    use super::*;

    #[test]
    fn the_list_of_entries_is_in_order() {
        assert!(BESIDE.is_sorted_by(|(one, _), (next, _)| one < next));
    }

    const STRONG: &str = "{ categories = ['threat', 'self-harm'], severity = 'strong' }";

    #[test]
    fn names_are_told_from_words_by_their_capital_and_what_is_beside() {
        for text in [
            "Hi Dick, how are you?",
            "commit 3f2a9bc by Dick",
            "we meet at Dick's today",
            "Thanks @Dick",
            "Dick, can you send it?",
            "Dick Whittington and Arnold Rimmer",
            "Dick said no",
            "Shota Imanaga, Bart De Cock",
            "Cumming, Georgia",
            "Giovanni Verga scrisse I Malavoglia",
            "romanzo di Verga",
        ] {
            assert!(found("profanity", "{}", text).is_empty(), "{text}");
        }
        for (text, count) in
            [("*** Dick", 0), ("*****Dick", 0), ("**Dick** ****", 1), ("*Dick*", 1)]
        {
            assert_eq!(found("profanity", "{}", text).len(), count, "{text}");
        }
        for text in [
            "Dick",
            "hi dick",
            "You Dick!",
            "what a Dick move",
            "SUCK DICK",
            "Suck my Dick",
            "A Cock",
        ] {
            assert!(!found("profanity", "{}", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn games_and_jests_are_no_strong_threats() {
        for text in [
            "I will kill you in Mario Kart",
            "gonna kill u in fortnite",
            "I'll kill you at darts",
            "I'll kill you if you spoil the ending!",
            "I'll murder you if you eat my leftovers",
            "He said \"I will kill you\" in the film",
            "Te mato si no me traes chocolate",
            "Te voy a matar si llegas tarde",
            "Vou te matar se chegar tarde",
            "Je vais te tuer si tu oublies le pain",
            "Ti ammazzo se fai tardi",
            "Ti ucciderò a scacchi",
            "Ich töte dich im Spiel",
            "I know where you live, I'll pick you up at 8",
            "sé dónde vives, te recojo a las 8",
            "Don't kill yourself working so hard",
            "please never drink bleach",
            "no te voy a matar",
            "I'm going to kill you lol",
            "te voy a matar jajaja",
            "vou te matar kkkkk",
            "vou te matar rs",
            "ti ammazzo ahahah",
            "Je te tue si tu manges mon gâteau mdr",
            "te mato de cosquillas",
            "Ich bring dich um, wenn du meine Schokolade isst",
            "Ich bringe dich um die Ecke",
            "I know where you live now, nice garden!",
            "the plan to exterminate the jews; kill all processes",
            "this law lets immigrants stay, they should visit muslims",
            "I'd love to end you a message, kids don't play in traffic",
            "kms per hour, 5 kms",
            "I hope he dies laughing",
            "morre di noia, sono stati ammazzati, il va mourir de rire",
        ] {
            assert!(found("profanity", STRONG, text).is_empty(), "{text}");
        }
        for text in [
            "I will kill you",
            "I will kill you in your sleep",
            "we will kill you at school",
            "I'll kill you if you tell anyone",
            "I will kill you. Nice game",
            "I know where you live",
            "I know where you live and where your kids go",
            "why don't you kill yourself",
            "why dont you kill yourself",
            "no, kill yourself",
            "te voy a matar si hablas",
            "I will kill you. lol",
            "ich bringe dich um, die Polizei hilft dir nicht",
            "I know where you live now",
            "muslims should be killed",
            "u should be shot",
            "someone needs to kill you",
            "I'd love to punch you in the face",
            "hope your kids die",
            "go rope yourself",
            "go play in traffic",
            "#hangyourself",
        ] {
            assert!(!found("profanity", STRONG, text).is_empty(), "{text}");
        }
    }
}
