use std::ops::Range;

use super::transcript::Transcribed;
use super::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, NoOptions, Probe, Scan, TextDetector,
    context,
};
use crate::policy::{Action, Build};

#[doc = include_str!("bic.md")]
pub(crate) struct Bic;

impl Detector for Bic {
    const NAME: &'static str = "bic";
    const SUMMARY: &'static str = "identifier codes of banks (BIC, SWIFT codes)";
    const PAGE: &'static str = include_str!("bic.md");
    const LABEL: &'static str = "bic";
    const GROUPS: &'static [&'static str] = &["payment"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::LETTER);
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Codes)))
    }
}

const SHAPE: (&str, i16) = ("8 or 11 capitals and digits around a country's code", 25);
const NAMED: (&str, i16) = ("a word for banks is near", 45);
const DIGIT: (&str, i16) = ("a digit in it: no word", 10);
const ALONE: (&str, i16) = ("the text holds nothing else", 15);

const BARE: Evidence = Evidence::of(&[SHAPE]);
const BARE_DIGIT: Evidence = Evidence::of(&[SHAPE, DIGIT]);
const BARE_DIGIT_ALONE: Evidence = Evidence::of(&[SHAPE, DIGIT, ALONE]);
const CALLED: Evidence = Evidence::of(&[SHAPE, NAMED]);
const CALLED_DIGIT: Evidence = Evidence::of(&[SHAPE, DIGIT, NAMED]);

/// The length of a code without its branch, and how far apart the text is looked at: a code cannot
/// lie between two such places.
const SHORT: usize = 8;
const LONG: usize = 11;

/// ISO 3166-1's codes, and Kosovo's.
const COUNTRIES: &[u8] =
    b"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ\
CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGN\
GPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULV\
LYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPT\
PWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUS\
UYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

struct Codes;

impl TextDetector for Codes {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let bytes = scan.bytes();
        let mut end = 0;
        for at in (0..bytes.len()).step_by(SHORT) {
            if at < end || !scan.byte(at).is_some_and(is_part) {
                continue;
            }
            let Some((before, behind)) = bytes.split_at_checked(at) else { break };
            let ahead = before.iter().rev().take(LONG).take_while(|byte| is_part(**byte)).count();
            let rest = behind.iter().take(LONG + 1).take_while(|byte| is_part(**byte)).count();
            let range = at - ahead..at + rest;
            end = range.end;
            if let Some(evidence) = evidence(scan, &range) {
                hits.push(range, Bic::LABEL, evidence);
            }
        }
    }
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn evidence(scan: &Scan<'_>, range: &Range<usize>) -> Option<Evidence> {
    let code = scan.bytes().get(range.clone())?;
    if !matches!(code.len(), SHORT | LONG) || !scan.stands_alone(range) {
        return None;
    }
    let (letters, rest) = code.split_at_checked(6)?;
    let country = letters.get(4..)?;
    let known = COUNTRIES.chunks(2).any(|known| known == country);
    // A location does not begin with 0 or 1, nor end in O.
    let location = !matches!(rest, [b'0' | b'1', ..] | [_, b'O', ..]);
    if !letters.iter().all(u8::is_ascii_uppercase) || !known || !location {
        return None;
    }
    let digit = rest.iter().any(u8::is_ascii_digit);
    let named = scan.speaks_of(context::BANK, range);
    Some(match (named, digit) {
        (true, true) => CALLED_DIGIT,
        (true, false) if !is_wordy(code) || is_said(scan, range.start) => CALLED,
        (false, true) if scan.is_all(range) => BARE_DIGIT_ALONE,
        (false, true) => BARE_DIGIT,
        (_, false) => BARE,
    })
}

/// Whether letters end as English words do: `REQUIRED`.
fn is_wordy(code: &[u8]) -> bool {
    const ENDINGS: &[u8] = b"EDTSGENGERRSONLYNTALCESEESNSTELERYTYENDSRETHICARORNDCT";
    code.last_chunk::<2>().is_some_and(|last| ENDINGS.chunks(2).any(|ending| ending == last))
}

/// Whether a word for such codes and a colon or `code is` stand right before `at`.
fn is_said(scan: &Scan<'_>, at: usize) -> bool {
    /// No more is looked at, in bytes.
    const MOST: usize = 16;
    let before = scan.bytes().get(at.saturating_sub(MOST)..at).unwrap_or_default();
    let holds =
        |word: &[u8]| before.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    (holds(b"bic") || holds(b"swift")) && (holds(b":") || holds(b"=") || holds(b"code"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn codes(text: &str) -> Vec<&str> {
        found("bic", "{}", text)
    }

    #[test]
    fn keeps_words_that_only_look_like_one() {
        for text in [
            "the bank has PROBLEMS",
            "bank DEUTXXFF",
            "bank DEUTDEFFX or DEUTDEF",
            "bank xDEUTDEFF",
            "The IBAN number is REQUIRED",
            "Taylor Swift CONCERTS",
            "SWIFT LANGUAGE",
        ] {
            assert!(codes(text).is_empty(), "{text}");
        }
        assert!(codes("ABSOLUTE DEUTDEFF").is_empty());
    }

    #[test]
    fn finds_codes_near_a_word_for_banks() {
        assert_eq!(codes("BIC: DEUTDEFF"), ["DEUTDEFF"]);
        assert_eq!(codes("swift DEUTDEFF500 or NEDSZAJJXXX"), ["DEUTDEFF500", "NEDSZAJJXXX"]);
        assert_eq!(codes("BNPAFR2T"), ["BNPAFR2T"]);
        assert_eq!(codes("BIC: ABCDDEER"), ["ABCDDEER"]);
        assert_eq!(codes("our swift code is ABCDDEER"), ["ABCDDEER"]);
        assert_eq!(codes("IBAN and HANDSESS"), ["HANDSESS"]);
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in ["A", "DEUTDEFF ", "BIC DEUTDEFF ", "ABCDEFG "] {
            grows_linearly("bic", part);
        }
    }
}
