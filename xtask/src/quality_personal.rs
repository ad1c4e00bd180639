//! How well the detectors of personal data find what the public sets hold, and how often they err.

use std::ops::Range;
use std::path::Path;
use std::{fs, io};

use rules::policy::NoResources;
use rules::{Message, Policy, Progress, detect};
use serde_json::Value;

use crate::quality::Figure;

/// The types of the annotated sentences, with the detectors that find them.
const TYPES: &[(&str, &str)] = &[
    ("CREDIT_CARD", "payment-card"),
    ("EMAIL_ADDRESS", "email-address"),
    ("IBAN_CODE", "iban"),
    ("IP_ADDRESS", "ip-address"),
    ("MAC_ADDRESS", "mac-address"),
    ("PHONE_NUMBER", "phone-number"),
    ("FR_PHONE_NUMBER", "phone-number"),
    ("US_SSN", "us-ssn"),
    ("US_DRIVER_LICENSE", "us-driver-license"),
    ("DOMAIN_NAME", "link"),
    ("URL", "link"),
];

/// The entities of the recogniser cases, with the detectors that find them. Those that are not here
/// have no detector.
const ENTITIES: &[(&str, &str)] = &[
    ("aba_routing", "us-routing-number"),
    ("au_abn", "au-abn"),
    ("au_acn", "au-acn"),
    ("au_medicare", "au-medicare"),
    ("au_tfn", "au-tfn"),
    ("ca_sin", "ca-sin"),
    ("credit_card", "payment-card"),
    ("crypto", "crypto-address"),
    ("de_passport", "de-passport"),
    ("de_tax_id", "de-tax-id"),
    ("email", "email-address"),
    ("es_nie", "es-nie"),
    ("es_nif", "es-nif"),
    ("fi_personal_identity_code", "fi-hetu"),
    ("iban", "iban"),
    ("in_aadhaar", "in-aadhaar"),
    ("in_gstin", "in-gstin"),
    ("in_pan", "in-pan"),
    ("in_passport", "in-passport"),
    ("ip", "ip-address"),
    ("it_fiscal_code", "it-fiscal-code"),
    ("it_vat_code", "it-vat"),
    ("kr_rrn", "kr-rrn"),
    ("mac", "mac-address"),
    ("phone", "phone-number"),
    ("pl_pesel", "pl-pesel"),
    ("se_personnummer", "se-personal-number"),
    ("sg_fin", "sg-nric"),
    ("th_tnin", "th-national-id"),
    ("tr_national_id", "tr-national-id"),
    ("uk_nhs", "gb-nhs"),
    ("uk_nino", "gb-nino"),
    ("uk_passport", "gb-passport"),
    ("url", "link"),
    ("us_driver_license", "us-driver-license"),
    ("us_itin", "us-itin"),
    ("us_npi", "us-npi"),
    ("us_passport", "us-passport"),
    ("us_ssn", "us-ssn"),
    ("za_id_number", "za-id"),
];

/// Why cases come out otherwise than the set says, by their fingerprints: the text stays out of the
/// project.
const DEVIATIONS: &[(u64, &str)] = &[
    (
        0x3087_7f22_202f_1538,
        "the same text is in the set twice, once with one number and once with two: it is asked of two sets of regions, and here all are on",
    ),
    (0x01ea_86b1_c9b3_149a, "nine digits alone, without a word for a passport near them"),
    (
        0xf70a_4f19_d38d_0c86,
        "the same text is in the set twice, once with one number and once with two: it is asked of two sets of regions, and here all are on",
    ),
    (
        0xcec1_ee17_5eb7_2049,
        "the code is written without a space behind a word, which here belongs to a longer token",
    ),
    (
        0x110b_0154_a3b9_38ed,
        "letters and digits are not where a PAN has them: taken for one, every product code would be",
    ),
    (0x3ee9_5cbd_a0ba_d0ee, "grouped as no such number is, without a word for one near them"),
    (0x5a47_4210_02ea_d2cd, "the first letter is of no series that is issued"),
];

/// Measures the detectors over the sets in `corpora`.
///
/// # Errors
/// When a set cannot be read.
pub(crate) fn measure(corpora: &Path) -> io::Result<Vec<Figure>> {
    let mut figures = sentences(corpora, "pii_sentences")?;
    figures.extend(sentences(corpora, "pii_debug")?);
    figures.extend(cases(corpora)?);
    figures.push(chat(corpora)?);
    Ok(figures)
}

/// What each detector finds of its type, by overlap, and beside it.
fn sentences(corpora: &Path, set: &'static str) -> io::Result<Vec<Figure>> {
    let rows = rows(&corpora.join(set).with_extension("jsonl"))?;
    let mut detectors: Vec<&str> = TYPES.iter().map(|(_, detector)| *detector).collect();
    detectors.dedup();
    let mut figures = Vec::new();
    for detector in detectors {
        let policy = policy(detector)?;
        let mut figure = Figure::new(set, detector);
        for row in &rows {
            let text = row.get("text").and_then(Value::as_str).unwrap_or_default();
            let wanted = spans(row, text, detector);
            let found = found(&policy, text);
            let meets = |one: &Range<usize>, others: &[Range<usize>]| {
                others.iter().any(|other| one.start < other.end && other.start < one.end)
            };
            for span in &wanted {
                figure.count(meets(span, &found), text);
            }
            for span in found.iter().filter(|span| !meets(span, &wanted)) {
                figure.wrong += 1;
                figure.rows.push(format!("false {:?} in {text:?}", text.get(span.clone())));
            }
        }
        if figure.found + figure.missed + figure.wrong > 0 {
            figures.push(figure);
        }
    }
    Ok(figures)
}

/// Whether as many are found in each case as it says.
fn cases(corpora: &Path) -> io::Result<Vec<Figure>> {
    let mut all = Figure::new("pii_recognizer_cases", "of the types covered");
    let rows = rows(&corpora.join("pii_recognizer_cases.jsonl"))?;
    for (entity, detector) in ENTITIES {
        let policy = policy(detector)?;
        let own = |row: &&Value| row.get("entity").and_then(Value::as_str) == Some(entity);
        for row in rows.iter().filter(own) {
            let text = row.get("text").and_then(Value::as_str).unwrap_or_default();
            let wanted = row.get("count").and_then(Value::as_u64).unwrap_or(0);
            let found = found(&policy, text).len();
            let right = u64::try_from(found) == Ok(wanted);
            let case = format!("{entity}: {text}");
            all.count(right, &case);
            if !right {
                let why = DEVIATIONS.iter().find(|(known, _)| *known == fingerprint(&case));
                let why = why.map_or("not explained", |(_, why)| *why);
                all.notes
                    .push(format!("`{detector}`, {found} found where {wanted} should be: {why}."));
            }
        }
    }
    Ok(vec![all])
}

/// A number that tells texts apart, the same on every machine: FNV-1a.
fn fingerprint(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// What is found in everyday chat, where there is next to nothing to find.
fn chat(corpora: &Path) -> io::Result<Figure> {
    let mut figure = Figure::new("sms ham", "personal-data");
    let policy = policy("personal-data")?;
    for row in rows(&corpora.join("sms.jsonl"))? {
        let text = row.get("text").and_then(Value::as_str).unwrap_or_default();
        if row.get("label").and_then(Value::as_str) != Some("ham") {
            continue;
        }
        if found(&policy, text).is_empty() {
            figure.found += 1;
        } else {
            figure.wrong += 1;
            figure.rows.push(format!("flagged {text:?}"));
        }
    }
    Ok(figure)
}

/// The annotated spans of the detector's types, in bytes.
fn spans(row: &Value, text: &str, detector: &str) -> Vec<Range<usize>> {
    let in_bytes = row.get("offsets").and_then(Value::as_str) == Some("bytes");
    let place = |span: &Value, key: &str| {
        let at = span.get(key).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
        let at = at.unwrap_or(0);
        if in_bytes { at } else { text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte) }
    };
    let own = |span: &&Value| {
        let kind = span.get("type").and_then(Value::as_str).unwrap_or_default();
        TYPES.contains(&(kind, detector))
    };
    let spans = row.get("spans").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    spans.iter().filter(own).map(|span| place(span, "start")..place(span, "end")).collect()
}

/// A policy of one rule: the detector or group as it comes.
fn policy(detector: &str) -> io::Result<Policy> {
    let known = detect::find(detector).is_some() || detect::group(detector).next().is_some();
    if !known {
        return Err(io::Error::other(format!("there is no detector `{detector}`")));
    }
    let text = format!("[[rule]]\nid = 'one'\ndetect = '{detector}'\naction = 'flag'\n");
    Policy::load(&text, &NoResources).map_err(io::Error::other)
}

fn found(policy: &Policy, text: &str) -> Vec<Range<usize>> {
    match policy.evaluate(&Message::text(text)) {
        Progress::Done(verdict) => {
            verdict.findings.iter().filter_map(|found| Some(found.span?.range())).collect()
        }
        Progress::Asks(_) => Vec::new(),
    }
}

/// The rows of a file of JSON lines.
fn rows(path: &Path) -> io::Result<Vec<Value>> {
    let text = fs::read_to_string(path)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::other)).collect()
}
