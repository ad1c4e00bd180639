//! The forms of all providers, and the names that give secrets away: one pass finds where either
//! may be.

use std::ops::Range;
use std::sync::LazyLock;

use super::assignment::{self, begins_word};
use super::automaton::Automaton;
use super::entropy::entropy;
use super::form::Form;
use super::placeholder::is_sample;
use super::published::is_published;
use super::{address, block, manifest, named, password, request};

/// Where a provider's forms are written down.
static PROVIDERS: &str = include_str!("providers.txt");

/// All that is looked for.
pub(super) static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::read(PROVIDERS));

pub(super) struct Catalog {
    forms: Vec<Form>,
    /// For each string that the automaton finds, what it may be.
    clues: Vec<Clue>,
    automaton: Option<Automaton>,
}

/// What a string in a text may be.
#[derive(Default)]
struct Clue {
    text: &'static str,
    /// In these forms, so many bytes behind their start.
    anchors: Vec<(usize, usize)>,
    /// In a name to which a secret of these forms is given.
    near: Vec<usize>,
    /// That name says whose secret it is, and not only that it is one.
    service: bool,
    /// In a name that says that its value is a secret.
    names: bool,
    /// What else, written like this.
    sign: Option<(Sign, &'static str)>,
}

/// What shows that something else may be here than a provider's secret or a named one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The first line of a private key.
    BlockBegin,
    /// Its last line.
    BlockEnd,
    /// A key of a service account.
    Account,
    /// A manifest.
    Manifest,
    /// A command that sends a request.
    Command,
    /// A client of a database.
    Client,
    /// The settings of a wireless network.
    Network,
    /// The header of a request.
    Header,
    /// An address with its scheme.
    Address,
    /// A word for passwords, in any case.
    Password,
    /// A word for a user's name and password, in any case.
    Pair,
}

/// The signs that a text holds.
#[derive(Default)]
pub(super) struct Signs(Vec<(Sign, Range<usize>)>);

impl Signs {
    /// The signs of a text of which nothing else is asked.
    #[cfg(test)]
    pub(super) fn of_text(text: &str) -> Self {
        CATALOG.search(text, |_, _| {})
    }

    /// The places of one sign, in the order in which they end.
    pub(super) fn of(&self, sign: Sign) -> impl Iterator<Item = Range<usize>> {
        self.0.iter().filter(move |(one, _)| *one == sign).map(|(_, place)| place.clone())
    }
}

/// What the signs but [`Sign::Password`] and [`Sign::Pair`] look like.
const SIGNS: &[(Sign, &str)] = &[
    (Sign::BlockBegin, block::BEGIN),
    (Sign::BlockEnd, block::END),
    (Sign::Account, block::ACCOUNT),
    (Sign::Manifest, manifest::DATA),
    (Sign::Command, request::COMMAND),
    (Sign::Client, request::CLIENT),
    (Sign::Network, request::NETWORK),
    (Sign::Header, request::HEADER),
    (Sign::Address, address::SCHEME_END),
];

/// How a secret was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// By its form.
    ByForm,
    /// By its form, and the provider's name beside it.
    BesideProvider,
    /// By the name it was given to.
    ByName,
}

/// Behind a provider's word, what says that the value is a secret of it.
const KINDS: &[&str] =
    &["access", "api", "client", "cred", "key", "login", "oauth", "password", "secret", "token"];
/// The least length of a provider's prefix that says what the value is to look like.
const PREFIX: usize = 4;
/// The fewest bytes, and the least entropy in bits per byte, of a value that a provider's name or
/// prefix says to look different.
const LEAST_OTHER: usize = 32;
const BITS_OTHER: f64 = 4.0;

impl Catalog {
    fn read(lines: &'static str) -> Self {
        let lines = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut catalog = Self {
            forms: lines.filter_map(Form::read).collect(),
            clues: Vec::new(),
            automaton: None,
        };
        let mut clues: Vec<Clue> = Vec::new();
        for (index, form) in catalog.forms.iter().enumerate() {
            for word in &form.near {
                let clue = clue(&mut clues, word);
                clue.near.push(index);
                clue.service = !named::WORDS.words().any(|name| word.ends_with(name));
            }
            if form.near.is_empty()
                && let Some((literals, before)) = form.anchor()
            {
                for literal in literals {
                    clue(&mut clues, literal).anchors.push((index, before));
                }
            }
        }
        for word in named::WORDS.words() {
            clue(&mut clues, word).names = true;
        }
        let passwords = password::NAMES.iter().map(|name| (Sign::Password, *name));
        let pairs = password::PAIRS.iter().map(|name| (Sign::Pair, *name));
        for (sign, text) in SIGNS.iter().copied().chain(passwords).chain(pairs) {
            clue(&mut clues, text).sign = Some((sign, text));
        }
        catalog.automaton = Automaton::new(clues.iter().map(|clue| clue.text));
        catalog.clues = clues;
        catalog
    }

    /// Calls `found` with the place of each secret that has a form or a name, and how it was known.
    /// Returns the signs of others.
    pub(super) fn search(&self, text: &str, mut found: impl FnMut(Range<usize>, Known)) -> Signs {
        let mut signs = Signs::default();
        let bytes = text.as_bytes();
        let mut seen = Seen::default();
        let hits = self.automaton.iter().flat_map(|automaton| automaton.hits(bytes));
        for (pattern, place) in hits {
            let Some(clue) = self.clues.get(pattern) else { continue };
            for (index, before) in &clue.anchors {
                let Some(form) = self.forms.get(*index) else { continue };
                let Some(start) = place.start.checked_sub(*before) else { continue };
                if *before == 0 && place.len() >= PREFIX {
                    seen.prefixes.push(start);
                }
                if seen.is_within(*index, start) || seen.is_hopeless(*index, start) {
                    continue;
                }
                if let Some(secret) = form.at(bytes, start).filter(|one| is_kept(text, one)) {
                    seen.found.retain(|(other, _)| other != index);
                    seen.found.push((*index, secret.end));
                    seen.known.push(secret.start);
                    found(secret, Known::ByForm);
                } else if let Some(until) =
                    form.fails_until(bytes, start).filter(|end| start < *end)
                {
                    seen.hopeless.retain(|(other, _)| other != index);
                    seen.hopeless.push((*index, until));
                }
            }
            if !clue.near.is_empty() && begins_word(bytes, &place) {
                if clue.service {
                    seen.providers.push(place.start);
                }
                if let Some(secret) = self.beside(text, &place, &clue.near) {
                    seen.known.push(secret.start);
                    found(secret, Known::BesideProvider);
                }
            }
            if let Some((sign, written)) = clue.sign
                && (matches!(sign, Sign::Password | Sign::Pair)
                    || text.get(place.clone()) == Some(written))
            {
                signs.0.push((sign, place.clone()));
            }
            if clue.names {
                seen.names.push(place);
            }
        }
        seen.named(text, found);
        signs
    }

    /// The secret that is given to a name with a provider's word at `place`.
    fn beside(&self, text: &str, place: &Range<usize>, forms: &[usize]) -> Option<Range<usize>> {
        let given = assignment::behind(text, place)?;
        let rest = text.get(given.rest).unwrap_or_default().to_ascii_lowercase();
        // A service's order, user or post has an id that may look like its keys; a name in code says
        // less of what it is for.
        let other = rest.trim_end().contains(' ')
            && rest.contains(|one: char| one.is_ascii_alphabetic())
            && !KINDS.iter().any(|kind| rest.contains(kind));
        for form in forms.iter().filter_map(|index| self.forms.get(*index)) {
            let named = form.named.is_empty() || form.named.iter().any(|word| rest.contains(word));
            if !named || other && form.is_plain() {
                continue;
            }
            let secret = form.at(text.as_bytes(), given.value);
            if let Some(secret) = secret.filter(|one| is_kept(text, one)) {
                return Some(secret);
            }
        }
        None
    }
}

/// What the pass over a text met.
#[derive(Default)]
struct Seen {
    /// Where the last secret of a form ended.
    found: Vec<(usize, usize)>,
    /// Before which place no further secret of a form begins.
    hopeless: Vec<(usize, usize)>,
    /// Where providers' prefixes begin, and providers' words.
    prefixes: Vec<usize>,
    providers: Vec<usize>,
    /// Where secrets begin that were reported.
    known: Vec<usize>,
    names: Vec<Range<usize>>,
}

impl Seen {
    /// Whether a secret of this form was found that goes on at `start`.
    fn is_within(&self, form: usize, start: usize) -> bool {
        self.found.iter().any(|(other, end)| *other == form && start < *end)
    }

    /// Whether no secret of this form begins at `start`, because one before it failed.
    fn is_hopeless(&self, form: usize, start: usize) -> bool {
        self.hopeless.iter().any(|(other, until)| *other == form && start < *until)
    }

    /// Reports the values that their names give away, but those of a form. Such that are said to be
    /// of a provider whose keys look different, or that only begin like them, are samples and digests,
    /// unless they are long and very random: then the provider has more forms than the table.
    fn named(mut self, text: &str, mut found: impl FnMut(Range<usize>, Known)) {
        self.prefixes.sort_unstable();
        self.providers.sort_unstable();
        self.known.sort_unstable();
        let mut until = 0;
        for word in self.names {
            let Some(named) = named::secret(text, word) else { continue };
            let next = self.providers.partition_point(|at| *at < named.name.start);
            let provider = self.providers.get(next).is_some_and(|at| *at < named.name.end);
            let is_at = |places: &[usize]| places.binary_search(&named.value.start).is_ok();
            let other = provider || is_at(&self.prefixes);
            let value = text.get(named.value.clone()).unwrap_or_default().as_bytes();
            let long = value.len() >= LEAST_OTHER && !value.contains(&b'.');
            let kept = !other || long && entropy(value) > BITS_OTHER;
            if named.value.start >= until && kept && !is_at(&self.known) {
                until = named.value.end;
                found(named.value, Known::ByName);
            }
        }
    }
}

/// The clue with this text, made where it is not there yet.
fn clue<'a>(clues: &'a mut Vec<Clue>, text: &'static str) -> &'a mut Clue {
    let at = clues.iter().position(|clue| clue.text.eq_ignore_ascii_case(text));
    let at = at.unwrap_or_else(|| {
        clues.push(Clue { text, ..Clue::default() });
        clues.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "found or pushed above")]
    &mut clues[at]
}

fn is_kept(text: &str, range: &Range<usize>) -> bool {
    text.get(range.clone()).is_some_and(|secret| !is_sample(secret) && !is_published(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> impl Iterator<Item = &'static str> {
        PROVIDERS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    }

    #[test]
    fn every_line_is_read_and_the_ids_are_sorted() {
        for line in lines() {
            assert!(Form::read(line).is_some(), "{line}");
        }
        let ids: Vec<_> = lines().filter_map(|line| line.split(' ').next()).collect();
        let service = |id: &'static str| id.split('-').next();
        assert!(ids.len() == CATALOG.forms.len() && ids.len() > 200);
        assert!(ids.windows(2).all(|pair| service(pair[0]) <= service(pair[1])), "{ids:?}");
        assert!(CATALOG.automaton.is_some());
    }

    #[test]
    fn words_of_providers_are_small_letters() {
        let words = CATALOG.forms.iter().flat_map(|form| form.near.iter().chain(&form.named));
        for word in words {
            assert_eq!(*word, word.to_ascii_lowercase());
        }
    }
}
