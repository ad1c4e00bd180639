mod candidate;
mod codes;
mod grade;
mod plans;

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use self::candidate::{
    Candidate, Joint, LEAST_DIGITS, Separators, emphasis, extension, joint, main_part,
};
use self::grade::{Grade, SOME_GROUPS};
use self::plans::{PLANS, Plans};
use super::scan::Token;
use super::transcript::Transcribed;
use super::{
    ANY_ACTION, Detector, Evidence, Hits, Needs, Probe, Scan, TextDetector, context, word,
};
use crate::policy::{Action, At, Build, Code};

#[doc = include_str!("phone_number.md")]
pub(crate) struct PhoneNumber;

/// Options of `phone-number`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "PhoneNumberOptions")]
pub(crate) struct Options {
    /// The countries, by ISO 3166 code, whose national forms are found: all that are known, unless
    /// some are named. A named country's numbers need less else that speaks for them.
    #[schemars(with = "Option<Vec<String>>")]
    regions: Option<Vec<At<String>>>,
}

impl Detector for PhoneNumber {
    const NAME: &'static str = "phone-number";
    const SUMMARY: &'static str = "telephone numbers, international and national";
    const PAGE: &'static str = include_str!("phone_number.md");
    const LABEL: &'static str = "phone";
    const GROUPS: &'static [&'static str] = &["contact", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::NOTHING.digits(7);
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let Some(regions) = options.regions else {
            return Probe::Text(Box::new(Transcribed(Numbers {
                plans: Plans::ALL,
                chosen: false,
            })));
        };
        let mut plans = Plans::NONE;
        for At { value, range } in regions {
            if let Some(more) = plans.and(&value) {
                plans = more;
            } else {
                let known: Vec<&str> = PLANS.iter().map(|plan| plan.region).collect();
                build.mistake(
                    Code::InvalidOption,
                    range,
                    format!("the numbers of `{value}` are not known"),
                    format!("write some of {}", known.join(", ")),
                );
            }
        }
        Probe::Text(Box::new(Transcribed(Numbers { plans, chosen: true })))
    }
}

/// What is glued to its name (`Tel.0171…`) must be a number of some plan: `call-1234567` is a file.
const GLUED: u8 = 25;
/// What stands in a row of values with commas between them must be one beyond doubt.
const LISTED: u8 = 60;

struct Numbers {
    plans: Plans,
    chosen: bool,
}

impl TextDetector for Numbers {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let tokens = scan.tokens();
        let mut at = 0;
        let mut before = Before::Nothing;
        while let Some((first, rest)) = tokens.get(at..).and_then(<[Token]>::split_first) {
            let found = self.number(scan, before, *first, rest);
            at += found.as_ref().map_or(1, |(_, groups, _)| *groups);
            before = Before::Token(*first);
            if let Some((range, _, evidence)) = found {
                before = Before::Number(range.end);
                hits.push(range, PhoneNumber::LABEL, evidence);
            }
        }
    }
}

/// What stands somewhere before a candidate.
#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Token(Token),
    /// A number that ends here. Behind it another may begin.
    Number(usize),
}

impl Numbers {
    /// The number that begins with `first`, and how many tokens it has. At most seven groups are
    /// looked at.
    fn number(
        &self,
        scan: &Scan<'_>,
        before: Before,
        first: Token,
        rest: &[Token],
    ) -> Option<(Range<usize>, usize, Evidence)> {
        let (start, plus, bracket) = opening(scan, first.start);
        let emphasis = emphasis(scan, start);
        let least = least(scan, start - emphasis, plus, before)?;
        // Digits one by one are no grouping.
        if !plus && first.length() == 1 && rest.first().is_some_and(|next| next.length() == 1) {
            return None;
        }
        let between = Separators { brackets: bracket, ..Separators::default() };
        let mut candidate = Candidate::new(plus, between);
        let mut best: Option<(Range<usize>, usize, &'static Grade)> = None;
        let mut tokens = std::iter::once(&first).chain(rest).enumerate().peekable();
        while let Some((index, token)) = tokens.next() {
            let next = tokens.peek().map(|(_, next)| **next);
            let next = next.filter(|next| main_part(scan, *next).is_some());
            let (end, is_last) = main_part(scan, *token)?;
            let group = scan.bytes().get(token.start..end)?;
            // `(0)` behind a country code is not dialled.
            if !(plus && group == b"0" && scan.byte_before(token.start) == Some(b'('))
                && candidate.push(group).is_none()
            {
                break;
            }
            let joint = next.filter(|_| !is_last).and_then(|next| joint(scan, token.end, next));
            let joint = joint.filter(|joint| candidate.goes_on(*joint));
            let is_whole = joint.is_none_or(|joint| joint.sign == b'/' && !joint.is_loose);
            // Pairs that go on are those of a draw or a list.
            let runs_on = candidate.is_pairs()
                && joint.is_some_and(|joint| joint.sign == b' ')
                && next.is_some_and(|next| next.length() == 2);
            if candidate.length >= LEAST_DIGITS
                && (is_last && emphasis == 0 || candidate.ends(scan, end, joint, emphasis))
                && let Some(grade) = self.grade(&candidate, is_whole)
                && let grade = if runs_on { &SOME_GROUPS } else { grade }
                && grade.bare.confidence() >= least
                && !(least == GLUED && is_file(scan, end))
                && best
                    .as_ref()
                    .is_none_or(|(_, _, known)| known.bare.confidence() <= grade.bare.confidence())
            {
                best = Some((start..end, index + 1, grade));
            }
            let Some(Joint { sign, is_loose }) = joint else { break };
            candidate.between.dots |= sign == b'.';
            candidate.between.hyphens |= sign == b'-';
            candidate.slashes |= sign == b'/';
            candidate.between.brackets |= sign == b'(' || sign == b')';
            candidate.tight |= !is_loose;
        }
        let (range, count, grade) = best?;
        let end = extension(scan, range.end);
        let range = range.start..end;
        // An extension may be a token of its own.
        let count =
            count + rest.iter().skip(count - 1).take_while(|token| token.start < end).count();
        Some((range.clone(), count, grade.at(scan, &range)))
    }
}

/// Where a number whose first digit is at `at` really begins: at its plus sign or its bracket.
fn opening(scan: &Scan<'_>, at: usize) -> (usize, bool, bool) {
    let mut start = at;
    let mut bracket = false;
    if scan.byte_before(start) == Some(b'(') {
        start -= 1;
        bracket = true;
    }
    let plus = scan.byte_before(start) == Some(b'+');
    if plus {
        start -= 1;
        if !bracket && scan.byte_before(start) == Some(b'(') {
            start -= 1;
        }
    }
    (start, plus, bracket)
}

/// The least confidence that the digits alone must give to a number which begins at `start`, by what
/// stands before it; `None` where that belongs to it.
fn least(scan: &Scan<'_>, start: usize, plus: bool, before: Before) -> Option<u8> {
    let Some(character) = scan.before(start) else { return Some(0) };
    // A plus sign begins another, right behind one.
    if plus && matches!(before, Before::Number(end) if end == start) {
        return Some(0);
    }
    if word::touches(character) || matches!(character, '$' | '€' | '£' | '¥' | '*') {
        return None;
    }
    let glue = start - character.len_utf8();
    let touching = match before {
        Before::Token(token) if token.end == glue && token.digits > 0 => Some(token),
        _ => None,
    };
    let named = || scan.is_glued(context::PHONE.and(context::REACH), glue).then_some(GLUED);
    match character {
        '.' | '-' | '/' | '_' if plus || !scan.is_touched_before(glue) => Some(0),
        '/' if matches!(before, Before::Number(end) if end == glue) => Some(0),
        '#' | '.' | '-' | '/' | '_' => named(),
        ',' if touching.is_some() => Some(LISTED),
        ':' if touching.is_some() => None,
        // Behind digits and a space a plus sign or a bracket begins anew.
        ' ' if !plus
            && scan.byte(start) != Some(b'(')
            && touching.is_some_and(|before| before.is_number() && before.length() >= 3) =>
        {
            None
        }
        _ => Some(0),
    }
}

/// Whether the ending of a file's name stands at `end`.
fn is_file(scan: &Scan<'_>, end: usize) -> bool {
    scan.byte(end) == Some(b'.') && scan.byte(end + 1).is_some_and(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn numbers(text: &str) -> Vec<&str> {
        found("phone-number", "{}", text)
    }

    fn national<'a>(region: &str, text: &'a str) -> Vec<&'a str> {
        found("phone-number", &format!("{{ regions = ['{region}'] }}"), text)
    }

    #[test]
    fn keeps_numbers_of_other_kinds() {
        for text in [
            "on 2000-04-16 11:34:35",
            "16.04.2000 or 4/16/2000",
            "ssn 853-37-1694",
            "192.168.100.200",
            "$1,234,567.00 and 12345678.90",
            "order 202-555-0142",
            "order no. 2025550142",
            "1234567890 people",
            "4111 1111 1111 1111",
            "550e8400-e29b-41d4-a716-446655440000",
            "call at 10:20:30 on 2024-05-01",
            "version 1.20.300.4000",
            "call 0.12345678",
            "call 81.202.44.107",
            "x1234567890",
            "/status/1234567890123",
            "isbn 978-3-16-148410-0",
            "120 30 40 50",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
    }

    #[test]
    fn finds_international_forms_everywhere() {
        for text in [
            "+1 415 555 0132",
            "+12025550142",
            "+44 20 7946 0958",
            "+44 (20) 7123 4567",
            "+41 (0)96 471 07 95",
            "+49 30 1234567",
            "+55 11 98456 5666",
            "+91 4155 550132",
            "+33 6 39 98 00 01",
            "(+44) 20 7946 0958",
            "+372 5123 4567",
            "+61 1800 161 369",
            "+49 800 1234567958",
            "+86 10 1234 5525",
            "001-253-366-9781",
            "+1-604-696-5272x565",
            "+30 21 0 1234567",
        ] {
            assert_eq!(numbers(&format!("so {text}.")), [text]);
            assert_eq!(numbers(&format!("so {text} fax 12")), [text]);
        }
    }

    #[test]
    fn finds_the_national_form_of_each_country() {
        for (region, text) in [
            ("US", "(415) 555-0132"),
            ("US", "415-555-0132"),
            ("US", "415.555.0132"),
            ("US", "1-800-555-0132"),
            ("CA", "604 555 0132"),
            ("GB", "020 7946 0958"),
            ("GB", "07700 900123"),
            ("GB", "(01632) 960 983"),
            ("DE", "030 123456"),
            ("DE", "0171 1234567"),
            ("DE", "0171/1234567"),
            ("FR", "01 84 17 61 18"),
            ("FR", "01.84.17.61.18"),
            ("ES", "612 345 678"),
            ("IT", "347 123 4567"),
            ("IT", "06 1234 5678"),
            ("NL", "06-12345678"),
            ("NL", "020 123 4567"),
            ("IN", "98765 43210"),
            ("BR", "(11) 98456-5666"),
            ("BR", "11 3456-5666"),
            ("MX", "55 1234 5678"),
            ("AU", "(02) 8747 6301"),
            ("AU", "0412 345 678"),
            ("JP", "090-1234-5678"),
            ("JP", "03-1234-5678"),
            ("ZA", "082 490 1693"),
            ("AT", "0512 13199 706"),
            ("AT", "(03530) 52329 910"),
            ("PH", "0917 123 4567"),
            ("PH", "(02) 8123 4567"),
        ] {
            assert_eq!(national(region, &format!("so {text}, then")), [text], "{region}");
        }
    }

    #[test]
    fn what_a_sentence_or_a_dash_parts_is_not_of_the_number() {
        for (text, number) in [
            ("call 415-555-2671. 5 pm", "415-555-2671"),
            ("call 415-555-2671 - 5 pm", "415-555-2671"),
            ("call 415.555.2671 / 2", "415.555.2671"),
            ("+1 415 555 2671 - 3 rooms", "+1 415 555 2671"),
            ("2) 415-555-2671", "415-555-2671"),
            ("1. 415-555-2671", "415-555-2671"),
            ("5 - 415-555-2671", "415-555-2671"),
            ("06 12 34 56 78. 2 places", "06 12 34 56 78"),
            ("llama 612 345 678 - 3 personas", "612 345 678"),
            ("tel 030 - 1234567", "030 - 1234567"),
            ("tel 030 / 123 45 67", "030 / 123 45 67"),
            ("+49 - 30 - 1234567", "+49 - 30 - 1234567"),
            ("415 - 555 - 2671", "415 - 555 - 2671"),
        ] {
            assert_eq!(numbers(text), [number], "{text}");
        }
        assert_eq!(numbers("415-555-2671 / 415-555-2672"), ["415-555-2671", "415-555-2672"]);
        assert!(numbers("see 2) 4155 and 3) 5552671 there").is_empty());
    }

    #[test]
    fn some_national_forms_need_no_region() {
        for text in [
            "(415) 555-0132",
            "415-555-0132",
            "020 7946 0958",
            "01 84 17 61 18",
            "090-1234-5678",
            "347 123 4567",
            "612 34 53 13",
        ] {
            assert_eq!(numbers(&format!("so {text}, then")), [text]);
        }
    }

    #[test]
    fn some_groupings_tell_numbers_that_are_made_up() {
        for text in [
            "so 1 193 600 8556 there",
            "so 123-456-78901",
            "2-123-456-7890",
            "order 123-456-7890",
            "(1) 4155550132",
            "(49) 3012345",
            "+45 0286 3472",
            "+7 02155397",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
        for text in [
            "123-456-7890",
            "1-193-600-8556",
            "1 (193) 600-8556",
            "(351) 912345678",
            "(351) 912 345 678",
            "+7 (021) 553-97-52",
            "+47 04 89 77 81",
        ] {
            assert_eq!(numbers(&format!("so {text}, then")), [text]);
        }
        assert!(national("DE", "so 123-456-7890").is_empty());
    }

    #[test]
    fn words_near_it_make_a_number_a_telephone_number() {
        assert!(numbers("about 60-56-85-91 there").is_empty());
        assert_eq!(numbers("phone: 60-56-85-91"), ["60-56-85-91"]);
        assert_eq!(
            numbers("Desk: 5403926876\nFax: 463-612-6138x036"),
            ["5403926876", "463-612-6138x036"]
        );
        assert_eq!(numbers("call me on 9472 7916?"), ["9472 7916"]);
        assert_eq!(numbers("Call 415-555-0132 ext. 12 now"), ["415-555-0132 ext. 12"]);
    }

    #[test]
    fn a_word_may_be_glued_to_its_number() {
        for text in [
            "AB-415-555-0132",
            "call AB-415-555-0132",
            "Order-415-555-0132",
            "https://example.com/call/9876543210",
            "https://example.com/mobile-9876543210/",
            "my-phone-9876543210",
            "call-4155550132.wav",
            "call-1234567",
            "signal-2024-05-01-123456.jpg",
            "whatsapp-2.24.10.75",
            "iPhone-9876543210",
            "issue#4155550132",
            "phone order #4155550132",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
        for (text, number) in [
            ("Tel.+33612345678", "+33612345678"),
            ("tel.(415) 555-0132", "(415) 555-0132"),
            ("Tel.06 12 34 56 78", "06 12 34 56 78"),
            ("Ph.98765 43210", "98765 43210"),
            ("Mobile–98765 43210", "98765 43210"),
            ("WhatsApp-+919876543210", "+919876543210"),
            ("Phone No-9876543210", "9876543210"),
            ("phone_number_9876543210", "9876543210"),
            ("Handynummer/0171 1234567", "0171 1234567"),
            ("phone #9876543210", "9876543210"),
            ("Tel.0612345678.", "0612345678"),
        ] {
            assert_eq!(numbers(text), [number], "{text}");
        }
    }

    #[test]
    fn words_for_telephones_are_read_in_many_languages() {
        for text in [
            "Seattle, WA 98101-1234",
            "pH 7.1234567",
            "see log.txt 12345678",
            "whats the code 1234567",
            "hp 12345678 left",
            "a mob of 1234567",
            "cel 10000000 zł",
        ] {
            assert!(numbers(text).is_empty(), "{text}");
        }
        for text in [
            "Ph: 9876543210",
            "my no is 9876543210",
            "txt 07700900123",
            "hmu 4155550132",
            "WA: 9876543210",
            "num: 4155550132",
            "mi cel es 5512345678",
            "telf. 612345678",
            "telemóvel 912345678",
            "meu zap 11912345678",
            "тел. 89161234567",
            "мой номер 89161234567",
            "연락처 01012345678",
            "連絡先 09012345678",
            "联系方式：13812345678",
            "numaram 05321234567",
            "zadzwoń 501234567",
            "bel me op 0612345678",
            "soita 0401234567",
            "رقمي 0501234567",
            "טלפון 0501234567",
            "τηλ. 6912345678",
            "मोबाइल 9876543210",
            "เบอร์ 0812345678",
            "sđt 0912345678",
            "no. hp 081234567890",
            "scrivimi al 333 1234567",
        ] {
            assert_eq!(numbers(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_nearest_word_says_what_a_number_is() {
        for text in [
            "my phone has 10000000 photos",
            "the phone costs 1 299 000 won",
            "whatsapp has 2000000000 users",
            "the call took 1234567 ms",
            "the call lasted 1234567 seconds",
            "your phone bill is 12345678 IDR",
            "call me when order 4455667788 ships",
            "my phone order is 44556677",
            "telegram id 1234567890",
            "call sign 1234567",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
        for text in [
            "my order phone is 4155550132",
            "she has 415-555-0132",
            "call Bob, he has 98765 43210",
            "WhatsApp for orders 9876543210",
            "mobile order +919876543210",
            "call 0612345678 times are fine",
        ] {
            assert_eq!(numbers(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn pairs_that_go_on_are_those_of_a_draw() {
        for text in [
            "winning numbers 05 12 23 34 41 49",
            "numbers 05 12 23 34 41 49",
            "01 02 03 04 05 06 07 08",
            "lottery: 05-12-23-34-41",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
        assert_eq!(numbers("tel 06 12 34 56 78 12 rue"), ["06 12 34 56 78"]);
    }

    #[test]
    fn the_whole_of_a_number_is_found() {
        for text in [
            "030 / 123 456 78",
            "030/123 456 78",
            "(030) 123 456 78",
            "091 98765 43210",
            "+49 (0) 171 / 123 45 67",
            "0 30 / 12 34 56 78",
        ] {
            assert_eq!(numbers(&format!("tel {text}, then")), [text]);
        }
        assert!(numbers("01 02 / 03 04 05 there").is_empty());
        assert_eq!(numbers("5 2 - 415-555-2671"), ["415-555-2671"]);
    }

    #[test]
    fn numbers_in_a_row_are_each_found() {
        for text in [
            "so 12345678,90 there",
            "tel 12345678,90",
            "call 1,234,567 people",
            "1,000-200-3000",
            "see 12345678/87654321",
            "call 01/02/2020-03/04/2020",
            "12+442079460958+3",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
        for (text, both) in [
            ("Contact: 9876543210/9876543211", ["9876543210", "9876543211"]),
            ("Ph No : 98765 43210/98765 43211", ["98765 43210", "98765 43211"]),
            ("tel. 06.12.34.56.78/06.98.76.54.32", ["06.12.34.56.78", "06.98.76.54.32"]),
            ("0171/1234567,0171/7654321", ["0171/1234567", "0171/7654321"]),
            ("call 9876543210,9876543211", ["9876543210", "9876543211"]),
            ("9,415-555-0132,34,415-555-0133,1", ["415-555-0132", "415-555-0133"]),
            ("+442079460958+44 20 7946 0959", ["+442079460958", "+44 20 7946 0959"]),
        ] {
            assert_eq!(numbers(text), both, "{text}");
        }
    }

    #[test]
    fn forms_that_hardly_anything_else_has_need_no_word() {
        for text in [
            "so 34 612 345 678 there",
            "so 48 123 456 789 there",
            "so 45 20 30 40 50 there",
            "so 45 2012 2013 there",
            "so 49 30 12345 there",
            "invoice 2023/12345-1",
            "see 415-5550132 there",
            "call 81.202.44.107",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
        for text in [
            "02/234.56.78",
            "(415) 5550132",
            "090ー1234ー5678",
            "06221/12345-0",
            "089/123456-78",
            "55 11 91234-5678",
            "44 7700 900123",
            "91 98765 43210",
        ] {
            assert_eq!(numbers(&format!("so {text}, then")), [text]);
        }
        assert_eq!(numbers("415-5550132"), ["415-5550132"]);
    }

    #[test]
    fn dots_part_what_is_no_decimal_and_no_address() {
        for text in ["01512.3480749", "612.34.56.78", "07400.803675"] {
            assert_eq!(numbers(&format!("call {text}.")), [text]);
        }
    }

    #[test]
    fn letters_of_scripts_without_spaces_do_not_touch() {
        assert!(numbers("тел13812345678х").is_empty());
        for (text, number) in [
            ("我的电话是13812345678谢谢", "13812345678"),
            ("제 번호는 010-1234-5678입니다", "010-1234-5678"),
            ("電話は090-1234-5678です", "090-1234-5678"),
            ("โทร+66 2 123 4567ครับ", "+66 2 123 4567"),
        ] {
            assert_eq!(numbers(text), [number], "{text}");
        }
    }

    #[test]
    fn keeps_what_is_called_another_number() {
        for text in [
            "my student id number 718692572",
            "DHL number 2149418762",
            "account number 123456789",
            "policy number is 612345678",
            "confirmation number 0612345678",
            "Meeting ID: 048 3461 6075",
            "we moved to 02632-7962",
            "my number is 000-000-0000",
        ] {
            assert!(numbers(text).is_empty(), "{text}");
        }
        for text in [
            "my number is 0612345678",
            "my phone number 718692572",
            "my number is 555-1234",
            "number: 98765 43210",
            "account +44 7700 900123",
        ] {
            assert_eq!(numbers(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_number_that_is_all_of_a_message_needs_no_word() {
        for text in ["2149418762", "20 30 40 50", "12345678901", "0123"] {
            assert!(numbers(text).is_empty(), "{text}");
        }
        for text in ["07700900123", "05321234567", "09171234567", "98765 43210", "0 (917) 123 4567"]
        {
            assert_eq!(numbers(text), [text]);
        }
        assert!(numbers("see 07700900123 there").is_empty());
    }

    #[test]
    fn emphasis_is_not_part_of_it() {
        for text in [
            "*415-555-0132",
            "415-555-0132*",
            "**415-555-0132*",
            "****415-555-0132****",
            "2*415-555-0132*",
        ] {
            assert!(numbers(text).is_empty(), "{text}");
        }
        for text in ["*415-555-0132*", "so **415-555-0132**, then", "***+1 415 555 0132***"] {
            assert_eq!(numbers(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn one_number_may_follow_another() {
        assert_eq!(
            numbers("+33612345678 0033 6 12 34 56 78"),
            ["+33612345678", "0033 6 12 34 56 78"]
        );
    }

    #[test]
    fn a_number_of_a_country_without_a_plan_here_has_its_length() {
        for text in [
            "+372512345678",
            "+372 51234",
            "+961 123 456",
            "+210 5551 2345",
            "so 00372 5123 4567 there",
            "mail 00372512345678 there",
            "mail 00210 5551 2345 there",
        ] {
            assert!(numbers(text).is_empty(), "{text}: {:?}", numbers(text));
        }
        assert_eq!(numbers("phone +372512345678"), ["+372512345678"]);
        for text in ["+372 5123 4567", "+961 81 123 456", "+800 1234 5678"] {
            assert_eq!(numbers(&format!("so {text}.")), [text]);
        }
        assert_eq!(numbers("contact 00372 5123 4567 there"), ["00372 5123 4567"]);
    }

    #[test]
    fn a_country_that_is_not_known_is_a_mistake() {
        use crate::policy::{Code, NoResources, Policy};
        let text = "[[rule]]\nid = 'r'\ndetect = 'phone-number'\naction = 'deny'\noptions = { regions = ['US', 'XX'] }\n";
        let mistakes = Policy::load(text, &NoResources).err().unwrap();
        assert_eq!(
            mistakes.0.iter().map(|one| one.code).collect::<Vec<_>>(),
            [Code::InvalidOption]
        );
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in [
            "1",
            "1 ",
            "+1",
            "(1)",
            "415 ",
            "+1 415 555 ",
            "1-",
            "tel.1 has ",
            "12/12345678/",
            "1,",
        ] {
            grows_linearly("phone-number", part);
        }
    }
}
