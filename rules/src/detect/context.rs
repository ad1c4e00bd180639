//! Words that say what a number near them is: found in one pass for all detectors.
//!
//! A number of nine digits may be anything; behind `SSN:` it is one thing. The vocabulary is
//! grouped by topic; a word may belong to several.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A set of topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topics(u128);

impl Topics {
    const fn number(bit: u32) -> Self {
        Self(1 << bit)
    }

    /// Both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two have a topic in common.
    pub(crate) fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A word of the vocabulary in a text.
pub(crate) struct Cue {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) topics: Topics,
}

macro_rules! topics {
    ($($(#[$about:meta])* $name:ident = $bit:literal: $words:expr;)*) => {
        $($(#[$about])* pub(crate) const $name: Topics = Topics::number($bit);)*
        /// Each topic's words: lower case; a space stands for any few separators or none; one of
        /// five letters or more matches the words that begin with it.
        const VOCABULARY: &[(Topics, &[&str])] = &[$(($name, $words),)*];
    };
}

topics! {
    /// Payment cards.
    CARD = 0: &[
        "card", "carte", "cartão", "carta", "karte", "kreditkarte", "kreditkort", "tarjeta", "credit", "debit", "visa",
        "mastercard", "maestro", "amex", "american express", "discover", "diners", "jcb", "unionpay", "rupay", "cvv",
        "cvc", "pan", "payment", "cc", "kaart", "карта", "карты", "カード", "卡",
    ];
    /// Telephones, said outright.
    PHONE = 1: &[
        "phone", "telephone", "tel", "telefon", "teléfono", "telefono", "telefone", "téléphone", "telefoon", "mobile",
        "mobil", "móvil", "celular", "cellulare", "cellulaire", "celphone", "cell", "handy", "fax", "call me", "call us", "call",
        "called", "calling", "dial", "dialed", "dialled", "hotline", "landline", "whatsapp", "sms", "texted", "text me",
        "ring me", "ring", "portable", "numéro de tél", "rufnummer", "ruf mich an", "voicemail", "toll free", "phone number",
        "desk",  "signal", "viber", "msisdn", "telegram", "fon", "ph no", "rappelle", "answering at", "not answering", "reach me at", "reach me on", "message on", "messages to", "messages on", "appelle", "llama", "llame",
        "llámame", "ligar", "liga", "chiama", "chiamami", "puhelin", "puh", "tlf", "telefonnummer", "電話", "携帯", "电话", "手机",
        "전화", "телефон", "फोन", "फ़ोन", "هاتف",
    ];
    /// What may go with a telephone number and with others.
    REACH = 2: &[
        "contact", "reach", "answer", "office", "number", "message", "messages", "registered", "hotel", "support", "helpdesk",
        "extension", "ext", "text", "nummer", "número", "numéro", "numero", "contacter", "kontakt",
    ];
    /// What numbers other than personal ones are called by.
    REFERENCE = 3: &[
        "order", "invoice", "ticket", "tracking", "reference", "ref", "sku", "isbn", "issn", "part", "serial", "model",
        "version", "build", "release", "section", "chapter", "page", "case", "booking", "article", "item", "bestellung",
        "bestellnummer", "rechnung", "rechnungsnummer", "artikel", "commande", "facture", "pedido", "factura", "fatura", "ordine", "fattura",
        "bestelling", "factuur", "upc", "ean", "gtin", "batch", "lot", "commit", "revision", "po", "rfc", "parcel",
        "shipment", "product", "produkt", "timestamp", "transaction", "request", "sequence", "port", "score", "population",
    ];
    /// What versions are called by.
    VERSION = 4: &[
        "v", "ver", "version", "versions", "release", "released", "build", "section", "chapter", "firmware", "patch", "update", "upgrade",
        "upgraded", "sdk", "clause", "paragraph", "sec", "revision", "rev", "figure", "appendix", "kernel", "driver",
        "abschnitt", "kapitel", "versión", "versione", "versão", "api", "python", "java", "node", "chrome", "firefox", "safari", "schema",
    ];
    /// Internet addresses.
    ADDRESS = 5: &[
        "ip", "ipv", "ips", "address", "addr", "host", "server", "subnet", "network", "gateway", "router", "loopback", "unspecified",
        "dns", "ping", "client", "remote", "peer", "localhost", "firewall", "cidr", "route", "adresse", "dirección",
    ];
    /// Bank accounts.
    BANK = 6: &[
        "iban", "account", "konto", "kontonummer", "compte", "cuenta", "conta", "conto", "bank", "banque", "banco", "banca", "bic", "swift", "rekening",
        "wire", "transfer", "überweisung", "virement",
    ];
    /// Passports.
    PASSPORT = 7: &[
        "passport", "passeport", "pasaporte", "passaporte", "passaporto", "reisepass", "paspoort", "travel document", "pass no", "passnummer", "pass nr",
    ];
}

/// The words of the vocabulary that `text` holds, in order. Linear: at each place where a word
/// begins, the few entries that begin alike are compared.
pub(crate) fn cues(text: &str) -> Vec<Cue> {
    let mut cues = Vec::new();
    let mut before = None;
    for (at, character) in text.char_indices() {
        let begins = character.is_alphabetic()
            && before.is_none_or(|before: char| {
                !before.is_alphabetic()
                    || is_unspaced(character)
                    || (before.is_lowercase() && character.is_uppercase())
            });
        before = Some(character);
        if !begins {
            continue;
        }
        let Some(rest) = text.get(at..) else { break };
        let mut found: Option<(usize, Topics)> = None;
        for (entry, topics) in INDEX.entries(rest) {
            let Some(length) = matched(entry, rest) else { continue };
            let (longest, all) = found.unwrap_or((0, Topics(0)));
            found = Some((longest.max(length), all.and(*topics)));
        }
        if let Some((length, topics)) = found {
            cues.push(Cue { start: at, end: at + length, topics });
        }
    }
    cues
}

/// How many bytes at the beginning of `rest` are `entry`, where it ends there or is a stem.
fn matched(entry: &str, rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().peekable();
    let mut end = 0;
    let mut last = None;
    for wanted in entry.chars() {
        if wanted == ' ' {
            for _ in 0..MOST_SEPARATORS {
                if characters.next_if(|(_, one)| !one.is_alphanumeric()).is_none() {
                    break;
                }
            }
            continue;
        }
        let (at, character) = characters.next()?;
        if character != wanted && !character.to_lowercase().eq([wanted]) {
            return None;
        }
        end = at + character.len_utf8();
        last = Some(character);
    }
    let last = last?;
    if is_unspaced(last) || entry.chars().take(STEM).count() == STEM {
        return Some(end);
    }
    // A short word ends where the text's does, but for a plural.
    let mut behind = characters.map(|(_, one)| one);
    let ends = |next: Option<char>| {
        next.is_none_or(|next| {
            !next.is_alphabetic() || (last.is_lowercase() && next.is_uppercase())
        })
    };
    let next = behind.next();
    (ends(next) || (next == Some('s') && ends(behind.next()))).then_some(end)
}

/// How many letters an entry has that matches longer words.
const STEM: usize = 5;
/// How many separators may stand between the words of an entry.
const MOST_SEPARATORS: usize = 3;

/// Whether words of this script stand without spaces between them.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// The vocabulary by first two letters, made when the first number needs it.
static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

struct Index {
    /// One bit for each first two letters there are, hashed: most words end here.
    first: [u64; 16],
    entries: HashMap<(char, char), Vec<(&'static str, Topics)>>,
}

impl Index {
    fn new() -> Self {
        let mut index = Self { first: [0; 16], entries: HashMap::new() };
        for (topics, words) in VOCABULARY {
            for word in *words {
                let Some(key) = key(word) else { continue };
                let (cell, bit) = place(key);
                if let Some(cell) = index.first.get_mut(cell) {
                    *cell |= bit;
                }
                index.entries.entry(key).or_default().push((word, *topics));
            }
        }
        index
    }

    /// The entries that begin as `rest` does.
    fn entries(&self, rest: &str) -> &[(&'static str, Topics)] {
        let Some(key) = key(rest) else { return &[] };
        let (cell, bit) = place(key);
        if self.first.get(cell).is_none_or(|cell| cell & bit == 0) {
            return &[];
        }
        self.entries.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// The first two letters in lower case; a word of one letter has one.
fn key(text: &str) -> Option<(char, char)> {
    let lower = |one: char| one.to_lowercase().next().unwrap_or(one);
    let mut characters = text.chars().map(lower);
    let first = characters.next()?;
    Some((first, characters.next().filter(|second| second.is_alphabetic()).unwrap_or(' ')))
}

fn place((first, second): (char, char)) -> (usize, u64) {
    let hash = u32::from(first).wrapping_mul(31) ^ u32::from(second);
    let hash = usize::try_from(hash & 0x3ff).unwrap_or(0);
    (hash / 64, 1 << (hash % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, topics: Topics) -> Vec<&str> {
        let cues = cues(text);
        let ours = cues.iter().filter(|cue| cue.topics.meet(topics));
        ours.map(|cue| text.get(cue.start..cue.end).unwrap()).collect()
    }

    #[test]
    fn a_short_word_is_not_found_inside_another() {
        assert!(words("skip ipsum", ADDRESS).is_empty());
        assert_eq!(words("IP, ips; client_ip", ADDRESS), ["IP", "ips", "client", "ip"]);
    }

    #[test]
    fn a_long_word_is_found_with_an_ending() {
        assert_eq!(words("Passports, Reisepassnummer", PASSPORT), ["Passport", "Reisepass"]);
    }

    #[test]
    fn phrases_and_joined_words_are_one() {
        assert_eq!(words("travel  document", PASSPORT), ["travel  document"]);
        assert_eq!(words("travelDocument travel_document", PASSPORT).len(), 2);
    }

    #[test]
    fn scripts_without_spaces_are_read() {
        assert_eq!(words("私の電話は", PHONE), ["電話"]);
    }

    #[test]
    fn the_vocabulary_is_lower_case_and_without_repeats() {
        for (_, words) in VOCABULARY {
            for (at, word) in words.iter().enumerate() {
                assert_eq!(*word, word.to_lowercase());
                assert!(!words[..at].contains(word), "{word}");
            }
        }
    }
}
