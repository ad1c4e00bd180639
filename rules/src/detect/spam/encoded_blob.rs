use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::link::search::{Candidate, Form, Links};
use crate::detect::secrets::is_made_of_words;
use crate::detect::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::order;
use crate::policy::{Action, Build, Code};

#[doc = include_str!("encoded_blob.md")]
pub(crate) struct EncodedBlob;

/// Options of `encoded-blob`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "EncodedBlobOptions")]
pub(crate) struct Options {
    /// How long a run must be, in characters, 128 unless set; 32 is the least.
    least: usize,
}

impl Detector for EncodedBlob {
    const NAME: &'static str = "encoded-blob";
    const SUMMARY: &'static str = "long runs of base64 or hexadecimal";
    const PAGE: &'static str = include_str!("encoded_blob.md");
    const LABEL: &'static str = "blob";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        if options.least < 32 {
            build.mistake_here(
                Code::InvalidOption,
                "runs shorter than 32 characters are hashes and ids".to_owned(),
                "write `least = 128`, for instance".to_owned(),
            );
        }
        Probe::Text(Box::new(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { least: 128 }
    }
}

const HEXADECIMAL: Evidence = Evidence::of(&[("a long run of hexadecimal digits", 90)]);
const BASE64: Evidence =
    Evidence::of(&[("a long run of base64", 60), ("capitals, small letters and digits", 20)]);

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let bytes = scan.bytes();
        let count = |bytes: &mut dyn Iterator<Item = &u8>| {
            bytes.take_while(|byte| is_base64(**byte)).count()
        };
        // A run that is long enough holds one of each so many bytes.
        let mut floor = 0;
        let mut at = self.least - 1;
        let mut runs = Vec::new();
        while let Some((before, behind)) = bytes.split_at_checked(at).filter(|_| at < bytes.len()) {
            let ahead = count(&mut behind.iter());
            if ahead > 0 {
                let start = at - count(&mut before.iter().skip(floor).rev());
                floor = at + ahead;
                let run = bytes.get(start..floor).unwrap_or_default();
                runs.extend(self.judge(run).map(|evidence| (start..floor, evidence)));
                at = floor;
            }
            at += self.least;
        }
        runs.extend(self.wrapped(bytes));
        runs.extend(self.pairs(bytes));
        if runs.is_empty() {
            return;
        }
        order::by_place(&mut runs, |(run, _)| (run.start, run.end, 0));
        let mut known = 0;
        runs.retain(|(run, _)| {
            let is_new = run.end > known;
            known = known.max(run.end);
            is_new
        });
        // Both come in order.
        let is_link = |link: &Candidate| !matches!(link.form, Form::Unlisted | Form::WordLike);
        let mut links = Links::of(scan).filter(is_link).map(|link| link.range).peekable();
        for (run, evidence) in runs {
            while links.next_if(|link| link.end <= run.start).is_some() {}
            if links.peek().is_none_or(|link| run.start < link.start) {
                hits.push(run, EncodedBlob::LABEL, evidence);
            }
        }
    }
}

impl Options {
    /// Blobs in lines of one length, as mail and keys have them.
    fn wrapped(&self, bytes: &[u8]) -> Vec<(Range<usize>, Evidence)> {
        let mut blobs = Vec::new();
        if memchr::memchr(b'\n', bytes).is_none() {
            return blobs;
        }
        // The lines so far: from where to where, how long each is, and without what is between them.
        let (mut lines, mut length, mut letters) = (0..0, 0, Vec::new());
        let mut at = 0;
        for line in bytes.split(|byte| *byte == b'\n') {
            let count = line.iter().take_while(|byte| is_base64(**byte)).count();
            let (own, behind) = line.split_at(count);
            let is_full = count >= LEAST_LINE && matches!(behind, b"" | b"\r");
            // The last may be shorter, and have more behind it.
            let goes_on = count > 0 && count <= length;
            if goes_on {
                letters.extend_from_slice(own);
                lines.end = at + count;
            }
            if !goes_on || !is_full || count < length {
                blobs.extend(self.judge(&letters).map(|evidence| (lines.clone(), evidence)));
                letters.clear();
                length = 0;
            }
            if !goes_on && is_full {
                (lines, length) = (at..at + count, count);
                letters.extend_from_slice(own);
            }
            at += line.len() + 1;
        }
        blobs.extend(self.judge(&letters).map(|evidence| (lines, evidence)));
        blobs
    }

    /// Pairs of hexadecimal digits with colons between them.
    fn pairs(&self, bytes: &[u8]) -> Vec<(Range<usize>, Evidence)> {
        let mut blobs = Vec::new();
        let is_pair = |at: usize| {
            let pair = bytes.get(at..at + 2);
            pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
        };
        let mut floor = 0;
        for colon in memchr::memchr_iter(b':', bytes) {
            // Behind a word with digits of its own, the first pair is the next.
            let before = colon.checked_sub(2).filter(|start| is_pair(*start));
            let word = |start: usize| start.checked_sub(1).and_then(|at| bytes.get(at));
            let before =
                before.filter(|start| !word(*start).is_some_and(u8::is_ascii_alphanumeric));
            let start = before.unwrap_or(colon + 1);
            if colon < floor {
                continue;
            }
            let mut end = colon;
            while bytes.get(end) == Some(&b':') && is_pair(end + 1) {
                end += 3;
            }
            floor = end;
            if end.saturating_sub(start).div_ceil(3) * 2 >= self.least {
                blobs.push((start..end, HEXADECIMAL));
            }
        }
        blobs
    }

    /// Why the run is a blob, if it is one.
    fn judge(&self, run: &[u8]) -> Option<Evidence> {
        if run.len() < self.least {
            return None;
        }
        let run = run.strip_prefix(b"0x").or_else(|| run.strip_prefix(b"0X")).unwrap_or(run);
        let mut kinds = Kinds::default();
        for byte in run {
            kinds.add(*byte);
        }
        if kinds.other == 0 && kinds.digits > 0 {
            Some(HEXADECIMAL)
        } else {
            (kinds.is_mixed(run.len()) && !is_made_of_words(run)).then_some(BASE64)
        }
    }
}

/// The least length of the lines that a blob is wrapped in.
const LEAST_LINE: usize = 32;

/// What a run is made of.
#[derive(Clone, Copy, Default)]
struct Kinds {
    digits: usize,
    large: usize,
    small: usize,
    slashes: usize,
    /// What hexadecimal numbers do not have.
    other: usize,
}

impl Kinds {
    fn add(&mut self, byte: u8) {
        self.digits += usize::from(byte.is_ascii_digit());
        self.large += usize::from(byte.is_ascii_uppercase());
        self.small += usize::from(byte.is_ascii_lowercase());
        self.slashes += usize::from(byte == b'/');
        self.other += usize::from(!byte.is_ascii_hexdigit());
    }

    /// Whether all kinds are there as often as chance wants them, and slashes no more often than
    /// that: paths have more.
    fn is_mixed(self, length: usize) -> bool {
        [self.digits, self.large, self.small].iter().all(|count| count * 20 >= length)
            && self.slashes * 20 <= length
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::{assert_linear, found};

    #[test]
    fn words_paths_and_hashes_are_no_blobs() {
        let path = "usr/share/Doc2/".repeat(20);
        let word = "a".repeat(300);
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let line = "-".repeat(300);
        for text in [path.as_str(), &word, hash, &line] {
            assert!(found("encoded-blob", "{}", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn identifiers_and_branches_are_no_blobs() {
        for text in [
            "getUserAccountBalanceByCustomerIdAndDate2024FromCache",
            "PROJ-1234/feature/add-new-login-page-with-oauth2-support",
            "TEST_CASE_12/Handle_Response_With_Empty_Body_And_Status_204_No_Content",
        ] {
            assert!(found("encoded-blob", "{ least = 40 }", text).is_empty(), "{text}");
        }
        let text = "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24";
        assert_eq!(found("encoded-blob", "{ least = 40 }", text), [text]);
    }

    #[test]
    fn a_part_of_a_link_is_no_blob() {
        let code = "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBv".repeat(6).replace(',', "_");
        for text in [
            format!("https://example.com/{code}"),
            format!("see https://example.com/a?b={code}, and example.com/{code}."),
            format!("example.com/{code}?x={code}"),
        ] {
            assert!(found("encoded-blob", "{}", &text).is_empty(), "{text}");
        }
        let text = format!("https://example.com/{code} {code} https://example.com/{code}");
        assert_eq!(found("encoded-blob", "{}", &text), [code.as_str()]);
    }

    #[test]
    fn what_is_wrapped_prefixed_or_in_pairs_is_found() {
        let code =
            "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24sIGJ1dCBieSB0".repeat(3);
        let wrapped = |length: usize, end: &str| {
            let lines: Vec<_> = code.as_bytes().chunks(length).collect();
            lines
                .iter()
                .map(|line| std::str::from_utf8(line).unwrap())
                .collect::<Vec<_>>()
                .join(end)
        };
        let mac = ["0a"; 6].join(":");
        let print = vec!["d1"; 32].join(":");
        let names = "Anna_Lena_Schmidt_Mueller_Weber_1\n".repeat(2);
        for text in [wrapped(8, "\n"), wrapped(76, "\n\n"), mac, print, names, "0x12ab".to_owned()]
        {
            assert!(found("encoded-blob", "{}", &text).is_empty(), "{text}");
        }
        let hexadecimal = format!("0x{}", "0a1b2c3d".repeat(25));
        let pairs = vec!["d1"; 80].join(":");
        for text in [wrapped(76, "\n"), wrapped(64, "\r\n"), hexadecimal, pairs] {
            for around in ["", "\n"] {
                let whole = format!("see:{around}{text}{around} end");
                let whole = if text.contains('\n') { format!("see\n{text} end") } else { whole };
                assert_eq!(found("encoded-blob", "{}", &whole), [text.as_str()], "{whole}");
            }
        }
    }

    #[test]
    fn time_is_linear() {
        let line = "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBv\n";
        assert_linear("encoded-blob", "{}", &[line, "0a:", ":", "\n", "ab:0"]);
    }

    #[test]
    fn long_runs_are_found() {
        let hexadecimal = "0a1b2c3d".repeat(20);
        let base64 = "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBv".repeat(5);
        assert_eq!(
            found("encoded-blob", "{}", &format!("x {hexadecimal} y")),
            [hexadecimal.as_str()]
        );
        assert_eq!(found("encoded-blob", "{}", &format!("data:{base64}, y")), [base64.as_str()]);
    }
}
