use std::ops::Range;

use memchr::{memchr_iter, memchr3_iter};
use psl2::compat;
use schemars::JsonSchema;
use serde::Deserialize;

use super::listed::Listed;
use super::transcript::Transcribed;
use super::{ANY_ACTION, Detector, Evidence, Hits, Landmarks, Probe, Scan, TextDetector, word};
use crate::policy::{Action, Build};

#[doc = include_str!("email_address.md")]
pub(crate) struct EmailAddress;

/// Options of `email-address`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "EmailAddressOptions")]
pub(crate) struct Options {
    /// Whether `name [at] host [dot] com` and its like are found, too.
    obfuscated: bool,
}

impl Detector for EmailAddress {
    const NAME: &'static str = "email-address";
    const SUMMARY: &'static str = "e-mail addresses";
    const PAGE: &'static str = include_str!("email_address.md");
    const LABEL: &'static str = "email";
    const GROUPS: &'static [&'static str] = &["contact", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Gate(Transcribed(Addresses { obfuscated: options.obfuscated }))))
    }
}

const SHAPE: (&str, i16) = ("a local part, an at sign and a host", 50);
const KNOWN_END: (&str, i16) = ("the host ends in a top-level domain that exists", 40);
const UNKNOWN_END: (&str, i16) = ("the host ends in no top-level domain", -30);
const WRITTEN_OUT: (&str, i16) = ("the signs are written as words", -10);

const KNOWN: Evidence = Evidence::of(&[SHAPE, KNOWN_END]);
const UNKNOWN: Evidence = Evidence::of(&[SHAPE, UNKNOWN_END]);
const OBFUSCATED: Evidence = Evidence::of(&[SHAPE, KNOWN_END, WRITTEN_OUT]);

/// The longest local part (RFC 5321, 4.5.3.1.1).
const MOST_LOCAL: usize = 64;
/// The longest host (RFC 5321, 4.5.3.1.2).
const MOST_HOST: usize = 255;
/// The longest label of a host, in bytes; one outside ASCII takes more than its encoded form.
const MOST_LABEL: usize = 63 * 2;
/// How an at sign may be written where text was encoded for something else.
const AT_SIGNS: &[&str] = &["@", "%40", "\\u0040", "&#64;", "&#x40;", "&commat;"];

/// How signs are written out: the word, between any brackets or between spaces.
const AT_WORDS: &[&str] = &["at", "arroba", "arobase", "arobas", "chiocciola", "@", "ät"];
const DOT_WORDS: &[&str] = &["dot", "punkt", "point", "punto", "ponto", "."];

/// Asks only where a text may hold an address: an at sign or one that is encoded or written out,
/// for which it takes letters of ASCII.
struct Gate(Transcribed<Addresses>);

impl TextDetector for Gate {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if scan.landmarks().has(Landmarks::LETTER | Landmarks::AT) {
            self.0.scan(scan, hits);
        }
    }
}

struct Addresses {
    obfuscated: bool,
}

impl TextDetector for Addresses {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let bytes = scan.bytes();
        signs(scan, memchr3_iter(b'@', b'%', b'\\', bytes), hits);
        signs(scan, memchr_iter(b'&', bytes), hits);
        if self.obfuscated {
            obfuscated(scan, hits);
        }
    }
}

/// Reports the addresses around those of these places that are at signs.
fn signs(scan: &Scan<'_>, places: impl Iterator<Item = usize>, hits: &mut Hits) {
    let mut end = 0;
    for at in places {
        let Some(sign) = sign_at(scan, at) else { continue };
        let Some((range, evidence)) = address(scan, at, at + sign) else { continue };
        if range.start >= end {
            end = range.end;
            hits.push(range, EmailAddress::LABEL, evidence);
        }
    }
}

/// The length of the at sign at `at`.
fn sign_at(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let rest = scan.bytes().get(at..)?;
    let sign = AT_SIGNS.iter().find(|sign| {
        rest.get(..sign.len()).is_some_and(|part| part.eq_ignore_ascii_case(sign.as_bytes()))
    });
    sign.map(|sign| sign.len())
}

/// The address around the sign that stands between `at` and `behind`.
fn address(scan: &Scan<'_>, at: usize, behind: usize) -> Option<(Range<usize>, Evidence)> {
    let start = local_start(scan, at)?;
    let broken = line_break(scan, behind);
    let (end, known) = host_end(scan, behind + broken)?;
    // A line that ends in `@` goes on only where a host follows beyond doubt.
    (broken == 0 || known).then_some((start..end, if known { KNOWN } else { UNKNOWN }))
}

fn line_break(scan: &Scan<'_>, at: usize) -> usize {
    match (scan.byte(at), scan.byte(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\n'), _) => 1,
        _ => 0,
    }
}

/// Where the local part that ends at `end` begins.
fn local_start(scan: &Scan<'_>, end: usize) -> Option<usize> {
    let text = scan.text().get(..end)?;
    if text.ends_with('"') {
        return quoted_start(text);
    }
    let mut start = end;
    for (at, character) in text.char_indices().rev() {
        if !is_local(character) || end - at > MOST_LOCAL * 2 {
            break;
        }
        // Behind a script that writes no spaces an address in ASCII begins anew.
        let ascii = || text.get(start..).is_some_and(|local| local.is_ascii() && !local.is_empty());
        if character.is_alphanumeric() && !word::touches(character) && ascii() {
            break;
        }
        start = at;
    }
    let mut local = text.get(start..)?;
    // `email=ada` is a name and its value; `bounce+ada=host.example` is not.
    if let Some((names, value)) = local.rsplit_once('=')
        && let Some(name) = names.rsplit(['?', '&', '#']).next()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        local = value;
    }
    // Two dots are a slip in an address; three part it from a sentence.
    if let Some((_, behind)) = local.rsplit_once("...") {
        local = behind;
    }
    let local = local.trim_start_matches(|one: char| !one.is_alphanumeric() && one != '_');
    let fits = !local.is_empty()
        && !local.ends_with('.')
        // What a repository is cloned from: `git@host:path`.
        && local != "git"
        && local.chars().any(char::is_alphanumeric)
        && local.chars().count() <= MOST_LOCAL;
    fits.then(|| end - local.len())
}

/// Where a quoted local part begins whose closing quote ends `text`.
fn quoted_start(text: &str) -> Option<usize> {
    let inner = text.get(..text.len() - 1)?;
    let opening = inner
        .char_indices()
        .rev()
        .take(MOST_LOCAL)
        .take_while(|(_, one)| !one.is_control())
        .find(|(at, one)| {
            *one == '"' && !inner.get(..*at).is_some_and(|before| before.ends_with('\\'))
        })?
        .0;
    let apart = !inner.get(..opening)?.ends_with(char::is_alphanumeric);
    (apart && opening + 1 < inner.len()).then_some(opening)
}

/// RFC 5322's `atext` and the dot, less `/`, which is a path's, `*`, which a mask leaves, and what
/// quotes or brackets; with all letters and digits (RFC 6531).
fn is_local(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(
            character,
            '.' | '_' | '-' | '+' | '=' | '\'' | '~' | '!' | '#' | '$' | '%' | '&' | '?' | '^'
        )
        || is_combining(character)
}

/// Marks that belong to the letter before them.
fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}')
}

/// Where the host that begins at `start` ends, and whether it ends in a domain that exists.
fn host_end(scan: &Scan<'_>, start: usize) -> Option<(usize, bool)> {
    let rest = scan.text().get(start..)?;
    if let Some(inside) = rest.strip_prefix('[') {
        let close = inside.bytes().take(46).position(|byte| byte == b']')?;
        let literal = inside.get(..close)?;
        let literal = literal.strip_prefix("IPv6:").unwrap_or(literal);
        literal.parse::<std::net::IpAddr>().ok()?;
        return Some((start + close + 2, true));
    }
    let mut end = 0;
    let mut label = 0;
    // Where the labels so far end that could be a whole host: the last one with two letters.
    let mut labels = 0;
    for (at, character) in rest.char_indices() {
        if at > MOST_HOST * 2 {
            return None;
        }
        // Before a script that writes no spaces a host in ASCII ends.
        if labels > 0
            && at > label
            && character.is_alphanumeric()
            && !word::touches(character)
            && rest.get(..at).is_some_and(str::is_ascii)
        {
            break;
        }
        if character.is_alphanumeric() || character == '-' || is_combining(character) {
            end = at + character.len_utf8();
            if end - label > MOST_LABEL {
                return None;
            }
            continue;
        }
        if !matches!(character, '.') || at == label {
            break;
        }
        labels += 1;
        label = at + 1;
    }
    if end < label || end == 0 {
        // A full stop behind the host.
        labels -= usize::from(end + 1 == label && labels > 0);
    }
    let host = rest.get(..end)?.trim_end_matches('-');
    if labels == 0 || host.starts_with('-') || host.contains("-.") || host.contains(".-") {
        return None;
    }
    let last = host.rsplit('.').next()?;
    let mut behind = rest.get(host.len()..)?.chars();
    let goes_on = behind.next() == Some('_') && behind.next().is_some_and(char::is_alphanumeric);
    if goes_on || last.chars().count() < 2 || !last.chars().any(char::is_alphabetic) {
        return None;
    }
    if is_known(last) && !begins_a_sentence(host) {
        return Some((start + host.len(), true));
    }
    Some(match shorter(host) {
        Some(length) => (start + length, true),
        None => (start + host.len(), is_known(last)),
    })
}

/// Whether the last label of a host reads like the first word of a sentence behind it:
/// `example.com.Call`.
fn begins_a_sentence(host: &str) -> bool {
    let Some((before, last)) = host.rsplit_once('.') else { return false };
    let mut letters = last.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.clone().count() > 1
        && letters.all(char::is_lowercase)
        && before.contains('.')
        && !before.contains(char::is_uppercase)
}

/// The length of the host that ends in an existing domain before what follows it without a space:
/// a dash, or a full stop and a sentence.
fn shorter(host: &str) -> Option<usize> {
    /// So many labels may be a sentence's.
    const MOST: usize = 3;
    let mut rest = host;
    for _ in 0..MOST {
        let (before, last) = rest.rsplit_once('.')?;
        if let Some((top, _)) = last.split_once('-')
            && top.len() > 1
            && is_known(top)
        {
            return Some(before.len() + 1 + top.len());
        }
        rest = before;
        let (_, last) = rest.rsplit_once('.')?;
        if is_known(last) {
            return Some(rest.len());
        }
    }
    None
}

/// Whether names under this top-level domain exist: those of the root zone, and those that are set
/// aside for examples and private networks (RFC 2606, 6761, 6762).
fn is_known(top: &str) -> bool {
    const SET_ASIDE: Listed =
        Listed::of("corp example home internal intranet invalid lan local localhost test");
    let lower = top.to_lowercase();
    if SET_ASIDE.has(&lower) {
        return true;
    }
    let exists = |ascii: &str| compat::suffix_str(ascii).is_some_and(|suffix| suffix.is_known());
    if lower.is_ascii() {
        exists(&lower)
    } else {
        idna::domain_to_ascii(&lower).is_ok_and(|ascii| exists(&ascii))
    }
}

/// Finds `ada [at] host [dot] example`: at each written at sign, a few words are read both ways.
fn obfuscated(scan: &Scan<'_>, hits: &mut Hits) {
    let text = scan.text();
    for (at, character) in text.char_indices() {
        // `ada@host dot example`.
        if character == '@'
            && let Some(start) = local_start(scan, at)
            && let Some((end, true)) = written_host(text, at + 1)
        {
            hits.push(start..end, EmailAddress::LABEL, OBFUSCATED);
            continue;
        }
        // A bracket or a space opens a written sign.
        if !(character.is_whitespace() || "([{<_-".contains(character)) {
            continue;
        }
        let Some(before) = text.get(..at) else { break };
        if before.ends_with(|one: char| one.is_whitespace()) {
            continue;
        }
        let Some(behind) = written(text, at, AT_WORDS) else { continue };
        let Some(start) = local_start(scan, at) else { continue };
        let Some((end, words)) = written_host(text, behind) else { continue };
        // Between bare words, `at` and `dot` both have to be written out.
        let bracketed = "([{<".contains(character)
            || text.get(at..behind).is_some_and(|sign| sign.contains(['(', '[', '{', '<']));
        if bracketed || words {
            let start = if words { whole_local(scan, start) } else { start };
            hits.push(start..end, EmailAddress::LABEL, OBFUSCATED);
        }
    }
}

/// Where a local part whose last piece begins at `start` really begins: `john dot doe at …`.
fn whole_local(scan: &Scan<'_>, mut start: usize) -> usize {
    /// No local part has more dots written out.
    const MOST: usize = 3;
    let around = |one: char| one == ' ' || "()[]{}<>_-".contains(one);
    for _ in 0..MOST {
        let Some(before) = scan.text().get(..start) else { break };
        let gap = before.chars().rev().take(2).take_while(|one| around(*one)).count();
        let before = before.get(..before.len() - gap).unwrap_or_default();
        let word = DOT_WORDS.iter().find_map(|word| {
            let at = before.len().checked_sub(word.len()).filter(|_| gap > 0)?;
            before.get(at..)?.eq_ignore_ascii_case(word).then_some(at)
        });
        let Some(before) = word.and_then(|at| scan.text().get(..at)) else { break };
        let gap = before.chars().rev().take(2).take_while(|one| around(*one)).count();
        let Some(earlier) = local_start(scan, before.len() - gap).filter(|_| gap > 0) else {
            break;
        };
        start = earlier;
    }
    start
}

/// Where a written sign that begins at `at` with a space or a bracket ends.
fn written(text: &str, at: usize, words: &[&str]) -> Option<usize> {
    let around = |one: char| one.is_whitespace() || "()[]{}<>_-".contains(one);
    let rest = text.get(at..)?;
    let skipped = rest.chars().take(4).take_while(|one| around(*one)).map(char::len_utf8).sum();
    let inner = rest.get(skipped..)?;
    let word = words
        .iter()
        .find(|word| inner.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))?;
    let behind = inner.get(word.len()..)?;
    let closing: usize =
        behind.chars().take(4).take_while(|one| around(*one)).map(char::len_utf8).sum();
    (closing > 0 && skipped > 0).then_some(at + skipped + word.len() + closing)
}

/// Where a host whose dots may be written out ends, and whether one was.
fn written_host(text: &str, start: usize) -> Option<(usize, bool)> {
    let mut at = start;
    let mut end = start;
    let mut labels = 0;
    let mut written_out = false;
    let mut last = "";
    loop {
        let rest = text.get(at..)?;
        let is_label = |one: &char| one.is_alphanumeric() || *one == '-';
        let length: usize =
            rest.chars().take(MOST_LABEL).take_while(is_label).map(char::len_utf8).sum();
        let label = rest.get(..length)?;
        // `example-dot-com`.
        let label = DOT_WORDS.iter().find_map(|word| hyphened(label, word)).unwrap_or(label);
        let label = label.trim_end_matches('-');
        if label.is_empty() {
            break;
        }
        last = label;
        labels += 1;
        end = at + label.len();
        if let Some(behind) = written(text, end, DOT_WORDS) {
            written_out = true;
            at = behind;
        } else if text.get(end..)?.starts_with('.') {
            at = end + 1;
        } else {
            break;
        }
        if labels > 8 {
            return None;
        }
    }
    (labels > 1 && is_known(last)).then_some((end, written_out))
}

/// What stands before the word in a label that holds it between hyphens.
fn hyphened<'a>(label: &'a str, word: &str) -> Option<&'a str> {
    let mut at = 0;
    label.split('-').find_map(|part| {
        let before = at;
        at += part.len() + 1;
        (before > 0 && part.eq_ignore_ascii_case(word)).then(|| label.get(..before - 1))?
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn addresses(text: &str) -> Vec<&str> {
        found("email-address", "{}", text)
    }

    fn written_out(text: &str) -> Vec<&str> {
        found("email-address", "{ obfuscated = true }", text)
    }

    #[test]
    fn keeps_what_only_has_an_at_sign() {
        for text in [
            "@ada",
            "ada@",
            "ada@host",
            "ada @example.com",
            "a@b.c",
            "icon@2x.png",
            "git@github.com:org/repo.git",
            "lunch @ noon.",
            "ada.@example.com",
            "ada@-example.com",
            "ada@example..com",
            "ada@1.2.3.4",
            "hello-world@",
        ] {
            assert!(addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn finds_every_legal_form() {
        for text in [
            "ada@example.com",
            "Ada.Lovelace+chat@mail.example.co.uk",
            "o'brien@example.org",
            "\"ada lovelace\"@example.com",
            "\"a\\\"b\"@example.com",
            "user@[192.0.2.1]",
            "user@[IPv6:2001:db8::1]",
            "a@xn--d1acufc.xn--p1ai",
            "用户@例子.中国",
            "jörg@müller.example",
            "bounce+ada=host.example@list.example",
            "ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
            "user%40example.com",
            "ada\\u0040example.com",
            "ada&#64;example.com",
            "ada@\nexample.com",
        ] {
            let sentence = format!("write to {text}, please");
            assert_eq!(addresses(&sentence), [text]);
        }
    }

    #[test]
    fn an_address_needs_no_letter_of_ascii() {
        assert!(addresses("почта@пример, в 5 утра @ дома").is_empty());
        for text in ["почта@пример.рф", "δοκιμή@παράδειγμα.ελ", "用户@例子.公司"]
        {
            assert_eq!(addresses(text), [text]);
        }
        assert_eq!(addresses("привет почта@яндекс.рф тест"), ["почта@яндекс.рф"]);
    }

    #[test]
    fn what_is_around_stays_out() {
        assert_eq!(addresses("<ada@example.com>."), ["ada@example.com"]);
        assert_eq!(addresses("**ada@example.com** _bob@example.com_").len(), 2);
        assert_eq!(addresses("mailto:ada@example.com?x"), ["ada@example.com"]);
        assert_eq!(addresses("/s?q=1&email=ada%40example.com&id=1"), ["ada%40example.com"]);
        assert_eq!(addresses("eve@mail.example.com@198.51.100.7"), ["eve@mail.example.com"]);
        assert_eq!(addresses("so...ada@example.com..."), ["ada@example.com"]);
        assert_eq!(addresses("so....ada@example.com"), ["ada@example.com"]);
        assert_eq!(addresses("..ada@example.com"), ["ada@example.com"]);
        assert_eq!(addresses("so ada..b@example.com"), ["ada..b@example.com"]);
    }

    #[test]
    fn letters_of_scripts_without_spaces_do_not_touch() {
        assert_eq!(addresses("жtaro@example.jp"), ["жtaro@example.jp"]);
        assert_eq!(addresses("私のメールはtaro@example.jpです"), ["taro@example.jp"]);
        assert_eq!(addresses("邮箱：taro@example.com，谢谢"), ["taro@example.com"]);
        assert_eq!(addresses("메일은 taro@example.kr입니다"), ["taro@example.kr"]);
    }

    #[test]
    fn a_sentence_or_a_dash_behind_stays_out() {
        for (text, address) in [
            ("jane@example.com.Thanks", "jane@example.com"),
            ("jane@example.com.Call me", "jane@example.com"),
            ("jane@example.com—thanks", "jane@example.com"),
            ("jane@example.com–thanks.Bye", "jane@example.com"),
            ("jane@example.com--", "jane@example.com"),
            ("jane@com-pany.example.co.uk", "jane@com-pany.example.co.uk"),
            ("Jane@Example.Co.Uk", "Jane@Example.Co.Uk"),
            ("jane@mail.x-y.de", "jane@mail.x-y.de"),
        ] {
            assert_eq!(addresses(text), [address], "{text}");
        }
    }

    #[test]
    fn signs_as_words_are_read_only_when_asked() {
        let text = "ada [at] example [dot] com";
        assert!(addresses(text).is_empty());
        for text in [
            text,
            "ada(at)example(dot)com",
            "ada at example dot com",
            "ada {at} example.com",
            "ada AT mail DOT example DOT org",
            "ada @ example . com",
            "john dot doe at gmail dot com",
            "john [dot] j [dot] doe [at] gmail [dot] com",
            "john@gmail dot com",
            "john arobase gmail point com",
            "john-at-example-dot-com",
        ] {
            assert_eq!(written_out(text), [text]);
        }
        assert_eq!(written_out("the dot is at example.com").len(), 0);
        for text in [
            "look at this",
            "ada@ dot",
            "lunch@noon dot",
            "at example.com",
            "come at 5 dot",
            "meet at example.com",
        ] {
            assert!(written_out(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_redactions_leave_is_not_found() {
        assert!(addresses("[email] a**@*******.*** [email:ab12cd34ef56]@x").is_empty());
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in ["@", "a@", "a@b.", "\"@", "\"a", ".", "a.b@c-", "%40", " at ", "a at b dot "] {
            grows_linearly("email-address", part);
        }
    }
}
