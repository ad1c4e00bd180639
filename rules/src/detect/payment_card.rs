use std::ops::Range;

use super::checksum::luhn;
use super::listed::Listed;
use super::scan::Token;
use super::transcript::Transcribed;
use super::{
    ANY_ACTION, Detector, Evidence, Hits, Needs, NoOptions, Probe, Scan, TextDetector, context,
};
use crate::policy::{Action, Build};

#[doc = include_str!("payment_card.md")]
pub(crate) struct PaymentCard;

impl Detector for PaymentCard {
    const NAME: &'static str = "payment-card";
    const SUMMARY: &'static str = "numbers of payment cards, with a valid check digit";
    const PAGE: &'static str = include_str!("payment_card.md");
    const LABEL: &'static str = "card";
    const GROUPS: &'static [&'static str] = &["payment", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::NOTHING.digits(12);
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Cards)))
    }
}

const SCHEME: (&str, i16) = ("a card scheme's prefix and length", 30);
const CHECKED: (&str, i16) = ("the check digit is right", 40);
const GROUPED: (&str, i16) = ("grouped as on a card", 20);
const NAMED: (&str, i16) = ("a word for cards is near", 30);
const ALONE: (&str, i16) = ("the text holds nothing else", 20);
const LOOSE: (&str, i16) = ("many other numbers have this prefix and length", -30);
const REFERRED: (&str, i16) = ("called by a word for something else", -30);

const LINKED: (&str, i16) = ("a part of a link or a mention", -30);

const KNOWN: Evidence = Evidence::of(&[SCHEME, CHECKED]);
const KNOWN_GROUPED: Evidence = Evidence::of(&[SCHEME, CHECKED, GROUPED]);
const KNOWN_NAMED: Evidence = Evidence::of(&[SCHEME, CHECKED, NAMED]);
const KNOWN_REFERRED: Evidence = Evidence::of(&[SCHEME, CHECKED, REFERRED]);
const KNOWN_LINKED: Evidence = Evidence::of(&[SCHEME, CHECKED, LINKED]);
const LOOSELY: Evidence = Evidence::of(&[SCHEME, CHECKED, LOOSE]);
const LOOSELY_GROUPED: Evidence = Evidence::of(&[SCHEME, CHECKED, GROUPED, LOOSE]);
const LOOSELY_NAMED: Evidence = Evidence::of(&[SCHEME, CHECKED, NAMED, LOOSE]);
const LOOSELY_ALONE: Evidence = Evidence::of(&[SCHEME, CHECKED, ALONE, LOOSE]);

/// How sure a prefix and a length make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    /// Issued, and seldom anything else.
    Known,
    /// Issued, but of a shape that many other numbers have too.
    Loose,
}

/// First and last prefix, all of one length, with the shortest and the longest number.
type Issued = (u32, u32, usize, usize);

/// What the schemes issue.
const KNOWN_RANGES: &[Issued] = &[
    (4, 4, 16, 16),       // Visa
    (4, 4, 19, 19),       // Visa
    (51, 55, 16, 16),     // Mastercard
    (2221, 2720, 16, 16), // Mastercard
    (34, 34, 15, 15),     // American Express
    (37, 37, 15, 15),     // American Express
    (300, 305, 14, 19),   // Diners Club
    (309, 309, 14, 19),   // Diners Club
    (36, 36, 14, 19),     // Diners Club
    (38, 39, 14, 19),     // Diners Club
    (6011, 6011, 16, 19), // Discover
    (644, 649, 16, 19),   // Discover
    (65, 65, 16, 19),     // Discover, RuPay, Troy, Verve
    (3528, 3589, 16, 19), // JCB
    (2131, 2131, 15, 15), // JCB
    (1800, 1800, 15, 15), // JCB
    (62, 62, 16, 19),     // UnionPay, Discover
    (81, 82, 16, 19),     // UnionPay, RuPay
    (2200, 2204, 16, 19), // Mir
    (2205, 2205, 16, 16), // Borica
    (60, 60, 16, 16),     // RuPay, Hipercard, Cabal, UkrCard
    (9792, 9792, 16, 16), // Troy
    (5018, 5018, 13, 19), // Maestro
    (5019, 5019, 16, 16), // Dankort
    (5020, 5020, 13, 19), // Maestro
    (5038, 5038, 13, 19), // Maestro
    (50, 50, 16, 16),     // Maestro, Elo, Verve, RuPay, Aura
    (5060, 5061, 16, 19), // Verve
    (5078, 5079, 16, 19), // Verve
    (56, 58, 16, 19),     // Maestro
    (61, 61, 16, 19),     // Maestro
    (6304, 6304, 13, 19), // Maestro
    (63, 64, 16, 19),     // Maestro, InterPayment, InstaPayment, Elo
    (66, 69, 16, 19),     // Maestro
    (9704, 9704, 16, 19), // Napas
    (8600, 8600, 16, 16), // Uzcard
    (9860, 9860, 16, 16), // Humo
    (3, 3, 16, 16),       // ISO/IEC 7812: travel and entertainment
];

/// What the schemes issue, too, but one in ten of any numbers that begin so is right by chance.
const LOOSE_RANGES: &[Issued] = &[
    (4, 4, 13, 13),   // Visa
    (50, 50, 12, 19), // Maestro
    (56, 58, 12, 19), // Maestro
    (6, 6, 12, 19),   // Maestro
    (1, 1, 15, 15),   // UATP
];

/// No number of a scheme begins with these.
const NEVER_FIRST: &[u8] = b"7";

const SHORTEST: usize = 12;
const LONGEST: usize = 19;
/// How many separators may stand between two groups.
const MOST_BETWEEN: usize = 3;

struct Cards;

impl TextDetector for Cards {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let tokens = scan.tokens();
        let mut at = 0;
        let mut before = None;
        while let Some((first, rest)) = tokens.get(at..).and_then(<[Token]>::split_first) {
            let found = card(scan, before, *first, rest);
            // Behind a card another may begin.
            before = Some(*first).filter(|_| found.is_none());
            at += match found {
                Some((range, groups, evidence)) => {
                    hits.push(range, PaymentCard::LABEL, evidence);
                    groups
                }
                None => 1,
            };
        }
    }
}

/// The card number that begins with `first`, and how many groups it has. At most nineteen groups
/// are looked at.
fn card(
    scan: &Scan<'_>,
    before: Option<Token>,
    first: Token,
    rest: &[Token],
) -> Option<(Range<usize>, usize, Evidence)> {
    let begin = Group::first(scan, first)?;
    let is_issued = scan.byte(begin.start).is_some_and(|digit| !NEVER_FIRST.contains(&digit));
    if !is_issued || begin.length() > LONGEST || scan.is_touched_before(first.start) {
        return None;
    }
    let before = before.filter(|before| before.digits > 0);
    let joint_before = before.and_then(|before| {
        let joint = joint(scan, before.end, first.start)?;
        (!numbers(scan, before, first, joint)).then_some(joint)
    });
    if let (Some(before), Some(joint)) = (before, joint_before)
        && goes_on(scan, before, first, joint)
    {
        return None;
    }
    let mut number = Number::default();
    let mut inner = None;
    let mut last = begin;
    let mut following = rest.iter().copied().peekable();
    let mut found = None;
    let mut longer = false;
    loop {
        // More digits than a card has are something else behind it.
        if scan.text().get(last.start..last.end).and_then(|group| number.push(group)).is_none() {
            break;
        }
        let next = following.peek().copied().filter(|_| !last.is_last);
        let behind = next.and_then(|next| joint(scan, last.end, next.start));
        // A word behind a space is not part of it.
        let behind =
            behind.filter(|joint| !joint.is_space() || next.is_some_and(|one| one.digits > 0));
        let printed = number.length >= SHORTEST && number.is_printed();
        let range = begin.start..last.end;
        // What follows a space is something else, unless the digits have been spaced at will, and
        // so is what follows another sign than is between the groups; a card may be followed by a
        // slash and its expiry date.
        let apart = |joint: Joint, beside: Option<Token>| match inner {
            _ if joint.is_space() => printed || !inner.is_some_and(Joint::is_space),
            Some(inner) if inner == joint => {
                joint.is_loose && printed && beside.is_none_or(|beside| beside.length() < 4)
            }
            _ => joint.is_loose || (printed && number.groups > 1),
        };
        let ends = |joint: Joint| {
            let other = || inner != Some(joint) && scan.speaks_of(context::CARD, &range);
            apart(joint, next) || printed && (joint.sign == b'/' || other())
        };
        let code = before.is_some_and(|before| !before.is_number());
        let begins = |joint: Joint| apart(joint, before) || (code && printed && number.groups > 1);
        if number.length >= SHORTEST
            && (last.is_last || !scan.is_touched_behind(range.end))
            && behind.is_none_or(ends)
            && joint_before.is_none_or(begins)
            && !(inner.is_some_and(|inner| inner.sign == b'.') && number.groups == 2)
            && let Some(scheme) = number.scheme()
            && (scheme == Scheme::Known
                || [joint_before, behind]
                    .iter()
                    .flatten()
                    .all(|joint| joint.is_loose && !joint.is_space()))
            && !number.counts()
            && luhn(number.digits())
        {
            let grouped = number.groups > 1 && printed;
            found = Some((range.clone(), number.groups, evidence(scan, &range, scheme, grouped)));
            // Three digits more may be the last of nineteen.
            longer = grouped && number.groups == 4;
            if grouped && !longer {
                break;
            }
        }
        let (Some(next), Some(joint)) = (next, behind) else { break };
        // Of a list, not of a number: `1. 4500 2. 5500`.
        if joint.is_loose && joint.sign == b'.' {
            break;
        }
        let Some(next) = Group::next(scan, next) else { break };
        if longer && next.length() != 3 {
            break;
        }
        inner = inner.or(Some(joint));
        last = next;
        following.next();
    }
    found.or_else(|| listed(scan, first, rest))
}

/// Whether `before` only says which line or thing this is: `1. 4111…`, `1-4111…`.
fn numbers(scan: &Scan<'_>, before: Token, first: Token, joint: Joint) -> bool {
    let begins_line = || scan.byte_before(before.start).is_none_or(|byte| byte == b'\n');
    match before.length() {
        _ if !before.is_number() || joint.is_space() => false,
        1 | 2 if joint.is_loose => begins_line(),
        1 | 2 if joint.sign == b'-' && first.length() >= 4 => {
            before.length() == 1 && begins_line() || scan.speaks_of(context::CARD, &first.range())
        }
        _ => false,
    }
}

/// Whether what begins with `first` goes on with `before`: behind other digits only whole printed
/// groups begin a number, and behind those alone only with a space between.
fn goes_on(scan: &Scan<'_>, before: Token, first: Token, joint: Joint) -> bool {
    if first.length() < 4 || (before.is_number() && !joint.is_loose) {
        return true;
    }
    // Four digits behind four digits go on with a longer number, but for a year.
    joint.is_space() && before.is_number() && before.length() == 4 && first.length() == 4 && {
        let year = scan.text().get(before.start..).is_some_and(|year| year.starts_with("20"));
        let whole = match scan.bytes().get(..before.start).and_then(<[u8]>::split_last) {
            // A date: `04/2027 4111 …`.
            Some((b'/' | b'-' | b'.', ahead)) => {
                ahead.iter().rev().take(3).take_while(|byte| byte.is_ascii_digit()).count() < 3
            }
            Some((_, ahead)) => !ahead.last().is_some_and(u8::is_ascii_digit),
            None => true,
        };
        !(whole && (year || scan.speaks_of(context::CARD, &first.range())))
    }
}

/// The number in four groups with the same sign between them that numbers of their own have, too:
/// `4111,1111,1111,1111`. So it counts only as a card that is called one, or alone.
fn listed(
    scan: &Scan<'_>,
    first: Token,
    rest: &[Token],
) -> Option<(Range<usize>, usize, Evidence)> {
    let mut number = Number::default();
    number.push(scan.text().get(first.range()).filter(|group| is_four(group))?)?;
    let mut last = first;
    let mut sign = None;
    for token in rest.get(..3)? {
        let between = scan.text().get(last.end..token.start)?;
        if ![",", "|", "•", "·"].contains(&between) || sign.is_some_and(|sign| sign != between) {
            return None;
        }
        sign = Some(between);
        number.push(scan.text().get(token.range()).filter(|group| is_four(group))?)?;
        last = *token;
    }
    let range = first.start..last.end;
    let longer = rest.get(3).and_then(|next| scan.text().get(range.end..next.start)) == sign;
    let said = scan.speaks_of(context::CARD, &range) || scan.is_all(&range);
    (said && !longer && scan.stands_alone(&range) && number.scheme() == Some(Scheme::Known))
        .then(|| luhn(number.digits()))?
        .then_some((range, 4, KNOWN_GROUPED))
}

fn is_four(group: &str) -> bool {
    group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a token that may be a group of a card's number.
#[derive(Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
    /// Whether a word follows at once.
    is_last: bool,
}

/// Words that stand before a number, or behind it, without a space: `card4111…`, `4111…cvv123`.
const GLUED_BEFORE: Listed = Listed::of("amex card cc mastercard visa");
const GLUED_BEHIND: Listed = Listed::of("cvc cvc2 cvv cvv2 exp expires expiry valid");

impl Group {
    /// The digits of a number's first group.
    fn first(scan: &Scan<'_>, token: Token) -> Option<Self> {
        if token.is_number() {
            return Some(Self { start: token.start, end: token.end, is_last: false });
        }
        let bytes = scan.bytes().get(token.range())?;
        let word = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let group = Self::begun(scan, token.start + word, token.end)?;
        let glued = word == 0 || GLUED_BEFORE.has(bytes.get(..word)?);
        (glued && token.digits >= 4).then_some(group)
    }

    /// The digits of another.
    fn next(scan: &Scan<'_>, token: Token) -> Option<Self> {
        Self::begun(scan, token.start, token.end)
    }

    /// The digits that begin at `start`, where nothing or a word that may follow them is behind.
    fn begun(scan: &Scan<'_>, start: usize, end: usize) -> Option<Self> {
        let bytes = scan.bytes().get(start..end)?;
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (_, behind) = bytes.split_at_checked(digits)?;
        let word = behind.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let glued = word == 0 || GLUED_BEHIND.has(behind.get(..word)?);
        (digits > 0 && glued).then_some(Self { start, end: start + digits, is_last: word > 0 })
    }

    fn length(self) -> usize {
        self.end - self.start
    }
}

/// Whether what begins at `at` is a part of a link, or the number of a member or an emoji in a
/// mention.
fn is_in_link(scan: &Scan<'_>, at: usize) -> bool {
    /// No more of a link is looked at, in bytes.
    const MOST: usize = 256;
    let before = scan.bytes().get(at.saturating_sub(MOST)..at).unwrap_or_default();
    let word = before.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    let begins = |part: &[u8]| word.windows(part.len()).any(|window| window == part);
    begins(b"://")
        || begins(b"www.")
        || [b"<@".as_slice(), b"<#", b"<:", b"<a:"].into_iter().any(begins)
}

/// What separates two groups.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Joint {
    /// The sign, or the space.
    sign: u8,
    /// Whether a space stands beside the sign, as behind what ends a sentence.
    is_loose: bool,
}

impl Joint {
    fn is_space(self) -> bool {
        self.sign == b' '
    }
}

/// What separates a group that ends at `end` from one that begins at `start`, where nothing but a
/// separator does.
fn joint(scan: &Scan<'_>, end: usize, start: usize) -> Option<Joint> {
    let between = scan.bytes().get(end..start)?;
    if between.len() > MOST_BETWEEN || !between.iter().all(|byte| b" -./_".contains(byte)) {
        return None;
    }
    let sign = between.iter().copied().find(|byte| *byte != b' ').unwrap_or(b' ');
    Some(Joint { sign, is_loose: between.contains(&b' ') })
}

fn evidence(scan: &Scan<'_>, range: &Range<usize>, scheme: Scheme, grouped: bool) -> Evidence {
    let named = || scan.speaks_of(context::CARD, range);
    match scheme {
        Scheme::Known if grouped => KNOWN_GROUPED,
        Scheme::Known if named() => KNOWN_NAMED,
        Scheme::Known if scan.is_called(context::REFERENCE, range) => KNOWN_REFERRED,
        Scheme::Known if is_in_link(scan, range.start) => KNOWN_LINKED,
        Scheme::Known => KNOWN,
        Scheme::Loose if grouped => LOOSELY_GROUPED,
        Scheme::Loose if named() => LOOSELY_NAMED,
        Scheme::Loose if scan.is_all(range) => LOOSELY_ALONE,
        Scheme::Loose => LOOSELY,
    }
}

/// The digits so far.
#[derive(Default)]
struct Number {
    digits: [u8; LONGEST],
    length: usize,
    sizes: [usize; LONGEST],
    groups: usize,
}

impl Number {
    /// Adds a group; `None` when that is more than a card has.
    fn push(&mut self, group: &str) -> Option<()> {
        for byte in group.bytes() {
            *self.digits.get_mut(self.length)? = byte - b'0';
            self.length += 1;
        }
        *self.sizes.get_mut(self.groups)? = group.len();
        self.groups += 1;
        Some(())
    }

    /// Whether the digits are grouped as on a card, or not at all.
    fn is_printed(&self) -> bool {
        let groups = self.sizes.get(..self.groups).unwrap_or_default();
        matches!(
            groups,
            [_] | [4, 4, 4, 4]
                | [4, 4, 4, 4, 1..=3]
                | [4, 4 | 6, 4 | 5]
                | [4, 3, 3, 3]
                | [4, 5, 6]
                | [6, 13]
                | [8, 8 | 11]
        )
    }

    /// Whether the last two of four groups count up, as in a table of numbers.
    fn counts(&self) -> bool {
        let group = |at: usize| {
            let digits = self.digits.iter().skip(at).take(4);
            digits.fold(0, |number, digit| number * 10 + u32::from(*digit))
        };
        self.groups == 4 && self.length == 16 && group(8) + 1 == group(12)
    }

    fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    fn scheme(&self) -> Option<Scheme> {
        let prefix =
            self.digits.iter().take(4).fold(0, |prefix, digit| prefix * 10 + u32::from(*digit));
        let issued = |(low, high, shortest, longest): &Issued| {
            let cut = match high {
                0..10 => prefix / 1000,
                10..100 => prefix / 100,
                100..1000 => prefix / 10,
                _ => prefix,
            };
            (*low..=*high).contains(&cut) && (*shortest..=*longest).contains(&self.length)
        };
        // Maestro, and nothing else with a zero before it.
        if self.digits().starts_with(&[0, 6, 0, 4]) && self.length == SHORTEST {
            return Some(Scheme::Loose);
        }
        if KNOWN_RANGES.iter().any(issued) {
            return Some(Scheme::Known);
        }
        LOOSE_RANGES.iter().any(issued).then_some(Scheme::Loose)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};
    use super::*;

    fn cards(text: &str) -> Vec<&str> {
        found("payment-card", "{}", text)
    }

    #[test]
    fn keeps_a_number_with_a_wrong_check_digit() {
        assert!(cards("4111 1111 1111 1112").is_empty());
        assert!(cards("card 5555-5555-5555-4445").is_empty());
    }

    #[test]
    fn keeps_what_is_part_of_something_longer() {
        for text in [
            "x4111111111111111",
            "4111111111111111x",
            "94111111111111111",
            "4111111111111111.5",
            "0.4111111111111111",
            "2.718281828459045",
            "1234 5678 9012 3456",
            "4111-1111-1111-1111-1111",
            "550e8400-e29b-41d4-a716-411111111111",
            "12-4111111111111111",
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        ] {
            assert!(cards(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn keeps_numbers_of_no_scheme() {
        assert!(cards("1234 5678 9012 3452").is_empty());
        assert!(cards("7111111111111111 0000000000000000").is_empty());
    }

    #[test]
    fn no_scheme_issues_what_never_is_the_first_digit() {
        for (low, high, ..) in KNOWN_RANGES.iter().chain(LOOSE_RANGES) {
            for prefix in [low, high] {
                let first = prefix.to_string().as_bytes()[0];
                assert!(!NEVER_FIRST.contains(&first), "{prefix}");
            }
        }
    }

    #[test]
    fn keeps_tables_of_numbers_that_count_up() {
        assert!(cards("5242 1430 3951 3952").is_empty());
        assert_eq!(cards("5242143039513952"), ["5242143039513952"]);
    }

    #[test]
    fn finds_all_of_nineteen_digits_whose_first_sixteen_are_right_too() {
        assert_eq!(cards("4341 6721 1068 4038 886"), ["4341 6721 1068 4038 886"]);
        assert_eq!(cards("4341 6721 1068 4038 123"), ["4341 6721 1068 4038"]);
        assert_eq!(cards("4341 6721 1068 4038 12 26"), ["4341 6721 1068 4038"]);
    }

    #[test]
    fn finds_the_one_prefix_with_a_zero_near_a_word() {
        assert_eq!(cards("my card 060412345674"), ["060412345674"]);
        assert!(cards("see 060412345674 there").is_empty());
        assert!(cards("my card 060312345675").is_empty());
    }

    #[test]
    fn keeps_short_numbers_that_nothing_calls_a_card() {
        assert!(cards("see 501864667909 there").is_empty());
        assert_eq!(cards("my card 501864667909"), ["501864667909"]);
    }

    #[test]
    fn keeps_what_is_called_something_else() {
        assert!(cards("order 4111111111111111").is_empty());
    }

    #[test]
    fn keeps_what_goes_on_with_a_longer_number() {
        assert!(cards("9400 4111 1111 1111 1111 95").is_empty());
        assert!(cards("9400-4111-1111-1111-1111").is_empty());
    }

    #[test]
    fn keeps_lists_and_long_numbers() {
        for text in [
            "2025,2026,2027,2028 and 4111,1111,1111,1111",
            "card 4111,1111,1111,1112",
            "card 4111,1111,1111,1111,1111",
            "pay 4111, 1111, 1111, 1111",
            "card 94111111111111111111111",
            "9400 - 4111 - 1111 - 1111 - 1111",
            "4111 - 1111 - 1111 - 1111 - 1111",
            "1.4111111111111111",
            "4111111111111111abc",
            "no4111111111111111",
            "2024 4111 1111",
            "1. 4500 2. 5500 3. 6500 4. 7500",
            "9400 2024 4111 1111 1111 1111",
            "9400-2024 4111 1111 1111 1111",
        ] {
            assert!(cards(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_a_sentence_or_another_sign_parts_is_not_of_the_number() {
        for card in ["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"] {
            for behind in
                [". 12/27", " - 12/27 - 123", ". 5 left", " - 2 tickets", " — 5", ". 5555", " / 5"]
            {
                assert_eq!(cards(&format!("on {card}{behind}")), [card], "{behind}");
            }
            for behind in [".5", "_5", "exp12/27", "cvv123", "CVC 123"] {
                assert_eq!(cards(&format!("card {card}{behind}")), [card], "{behind}");
            }
            for before in [
                "5 - ",
                "5. ",
                "1-",
                "2) ",
                "costs 5. ",
                "2 ",
                "2024 - ",
                "1 / ",
                "04/2027 ",
                "12-05-2027 ",
            ] {
                assert_eq!(cards(&format!("{before}{card}")), [card], "{before}");
            }
            for before in ["card 3-", "card 12-", "VISA", "card"] {
                assert_eq!(cards(&format!("{before}{card}")), [card], "{before}");
            }
        }
        assert_eq!(cards("4111 1111 1111 1111-12/27"), ["4111 1111 1111 1111"]);
        assert_eq!(cards("card 4111111111111111-12/27"), ["4111111111111111"]);
        assert_eq!(cards("4111 - 1111 - 1111 - 1111 - 12/27").len(), 1);
        for before in ["2024 ", "card 1234 "] {
            assert_eq!(cards(&format!("{before}4111 1111 1111 1111")), ["4111 1111 1111 1111"]);
        }
        assert_eq!(cards("1. 4111111111111111\n2. 5555555555554444").len(), 2);
    }

    #[test]
    fn four_groups_with_any_sign_are_a_card_that_is_called_one() {
        for sign in [",", "|", "•", "·"] {
            let card = ["4111", "1111", "1111", "1111"].join(sign);
            assert_eq!(cards(&card), [card.as_str()]);
            assert_eq!(cards(&format!("my card {card}, ok")), [card.as_str()]);
            assert!(cards(&format!("see {card} there")).is_empty());
        }
    }

    #[test]
    fn keeps_the_numbers_of_links_and_mentions() {
        for text in [
            "https://example.com/groups/1/posts/4111111111111111",
            "see https://example.com/?id=4111111111111111&x=1",
            "hello <@4111111111111111>!",
            "<:wave:4111111111111111>",
        ] {
            assert!(cards(text).is_empty(), "{text}");
        }
        assert_eq!(cards("https://example.com/?card=4111111111111111"), ["4111111111111111"]);
    }

    #[test]
    fn keeps_what_a_code_goes_on_with() {
        for text in [
            "AB12-4111111111111111",
            "INV2024/4111111111111111",
            "AB12-4111-1111-1111-1111-7",
            "1234-4111111111111111",
            "1234-4111 1111 1111 1111",
            "4111111111111111-5",
            "AB12-4111-1111-1111",
            "12-4111 1111 1111 1111",
            "550e8400-4111-1111-1111-411111111111",
        ] {
            assert!(cards(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn finds_a_grouped_card_behind_a_word_with_digits() {
        assert_eq!(cards("sh1t-4111 1111 1111 1111"), ["4111 1111 1111 1111"]);
        assert_eq!(cards("acc1/4111-1111-1111-1111"), ["4111-1111-1111-1111"]);
    }

    #[test]
    fn finds_a_card_before_other_digits() {
        for behind in
            [" 12/27 123", " 12 27", "/12/27", "/1227", " 94107", " 5551234567", " 1 2 3 4 5 6"]
        {
            let text = format!("my card is 4111111111111111{behind}");
            assert_eq!(cards(&text), ["4111111111111111"], "{text}");
        }
        assert_eq!(
            cards("4111111111111111 5555555555554444"),
            ["4111111111111111", "5555555555554444"]
        );
    }

    #[test]
    fn finds_a_card_between_letters_of_scripts_without_spaces() {
        assert!(cards("ж4111111111111111").is_empty());
        for text in [
            "卡号4111111111111111。",
            "カードは4111111111111111です",
            "카드는 4111111111111111입니다",
        ] {
            assert_eq!(cards(text), ["4111111111111111"], "{text}");
        }
    }

    #[test]
    fn finds_the_cards_of_a_numbered_list() {
        assert!(cards("so 1.4111111111111111").is_empty());
        assert_eq!(cards("1. 4111111111111111\n2. 5555 5555 5555 4444").len(), 2);
    }

    #[test]
    fn finds_every_scheme() {
        for number in [
            "4111111111111111",
            "4539578763621486",
            "4410839403317347",
            "4415101282806639538",
            "5555555555554444",
            "2223003122003222",
            "2720418695252980",
            "378282246310005",
            "30569309025904",
            "38520000023237",
            "6011000990139424",
            "6221260000000000",
            "3566002020360505",
            "213161594239298",
            "180045984582343",
            "6200000000000005",
            "6759649826438453",
            "2200770212727079",
            "6521111111111110",
            "9792030394440796",
            "5060990580000217499",
        ] {
            assert_eq!(cards(number), [number]);
        }
    }

    #[test]
    fn finds_every_way_to_space_a_number() {
        for text in [
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "4111.1111.1111.1111",
            "4111  1111  1111  1111",
            "4111 - 1111 - 1111 - 1111",
            "4111 1111-1111 1111",
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            "4111\u{a0}1111\u{2009}1111\u{202f}1111",
            "４１１１１１１１１１１１１１１１",
            "4111\u{200b}111111111111",
            "3782 822463 10005",
        ] {
            assert_eq!(cards(text), [text]);
        }
    }

    #[test]
    fn the_digits_around_are_not_part_of_it() {
        assert_eq!(cards("2 4111 1111 1111 1111 12/27 123"), ["4111 1111 1111 1111"]);
        assert_eq!(
            cards("4111 1111 1111 1111 5555 5555 5555 4444"),
            ["4111 1111 1111 1111", "5555 5555 5555 4444"]
        );
        assert_eq!(cards("(4111111111111111)."), ["4111111111111111"]);
        assert_eq!(cards("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 by 5").len(), 1);
    }

    #[test]
    fn what_redactions_leave_is_not_found() {
        assert!(cards("[card] [card:4111111111111112] **** **** **** 1111 card").is_empty());
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in
            ["4 ", "4111111111111111", "4111 1111 1111 111", "1-", "1,", "card4111", "card 4111,"]
        {
            grows_linearly("payment-card", part);
        }
    }
}
