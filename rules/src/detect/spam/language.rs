use schemars::JsonSchema;
use serde::Deserialize;
use whatlang::Lang;

use crate::detect::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, At, Build, Code, OneOrMany};

#[doc = include_str!("language.md")]
pub(crate) struct Language;

/// Options of `language`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "LanguageOptions")]
pub(crate) struct Options {
    /// The languages that are not found, as two-letter codes (ISO 639-1): `en`, `de`.
    #[schemars(required, with = "OneOrMany")]
    allowed: Option<At<OneOrMany>>,
    /// How many letters a text must hold to be judged, 60 unless set.
    least: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { allowed: None, least: 60 }
    }
}

/// The languages that can be told, sorted: two-letter code and the three-letter one of the
/// library.
const CODES: &[(&str, &str)] = &[
    ("af", "afr"),
    ("ak", "aka"),
    ("am", "amh"),
    ("ar", "ara"),
    ("az", "aze"),
    ("be", "bel"),
    ("bg", "bul"),
    ("bn", "ben"),
    ("ca", "cat"),
    ("cs", "ces"),
    ("da", "dan"),
    ("de", "deu"),
    ("el", "ell"),
    ("en", "eng"),
    ("es", "spa"),
    ("et", "est"),
    ("fa", "pes"),
    ("fi", "fin"),
    ("fr", "fra"),
    ("gu", "guj"),
    ("he", "heb"),
    ("hi", "hin"),
    ("hr", "hrv"),
    ("hu", "hun"),
    ("hy", "hye"),
    ("id", "ind"),
    ("it", "ita"),
    ("ja", "jpn"),
    ("jv", "jav"),
    ("ka", "kat"),
    ("km", "khm"),
    ("kn", "kan"),
    ("ko", "kor"),
    ("la", "lat"),
    ("lt", "lit"),
    ("lv", "lav"),
    ("mk", "mkd"),
    ("ml", "mal"),
    ("mr", "mar"),
    ("my", "mya"),
    ("ne", "nep"),
    ("nl", "nld"),
    ("no", "nob"),
    ("or", "ori"),
    ("pa", "pan"),
    ("pl", "pol"),
    ("pt", "por"),
    ("ro", "ron"),
    ("ru", "rus"),
    ("si", "sin"),
    ("sk", "slk"),
    ("sl", "slv"),
    ("sn", "sna"),
    ("sr", "srp"),
    ("sv", "swe"),
    ("ta", "tam"),
    ("te", "tel"),
    ("th", "tha"),
    ("tk", "tuk"),
    ("tl", "tgl"),
    ("tr", "tur"),
    ("uk", "ukr"),
    ("ur", "urd"),
    ("uz", "uzb"),
    ("vi", "vie"),
    ("yi", "yid"),
    ("zh", "cmn"),
    ("zu", "zul"),
];

impl Detector for Language {
    const NAME: &'static str = "language";
    const SUMMARY: &'static str = "texts in another language than the allowed ones";
    const PAGE: &'static str = include_str!("language.md");
    const LABEL: &'static str = "language";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let least = options.least;
        let codes = options.allowed.map(At::placed).unwrap_or_default();
        if codes.is_empty() {
            build.mistake_here(
                Code::MissingKey,
                "`allowed` is missing or empty".to_owned(),
                "add `allowed = [\"en\"]`, for instance".to_owned(),
            );
        }
        let mut allowed = Vec::new();
        for At { value, range } in codes {
            let known = CODES.binary_search_by_key(&value.as_str(), |(code, _)| code).ok();
            let known = known.and_then(|index| CODES.get(index));
            match known.and_then(|(_, code)| Lang::from_code(*code)) {
                Some(language) => allowed.push(language),
                None => build.mistake(
                    Code::InvalidOption,
                    range,
                    format!("`{value}` is not the code of a language that can be told"),
                    "write a two-letter code such as `en`".to_owned(),
                ),
            }
        }
        Probe::Text(Box::new(Allowed { allowed, least }))
    }
}

const ANOTHER: Evidence = Evidence::of(&[("most like another language", 80)]);

struct Allowed {
    allowed: Vec<Lang>,
    least: usize,
}

impl TextDetector for Allowed {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let text = scan.text();
        if text.len() < self.least || text.chars().map(weight).sum::<usize>() < self.least {
            return;
        }
        let Some(told) = whatlang::detect(text) else { return };
        // Which of a script's languages it is may be open: where none of them is allowed, that is enough.
        let may_be = |language: &Lang| self.allowed.contains(language);
        let is_sure = told.is_reliable() || !told.script().langs().iter().any(may_be);
        if is_sure && !may_be(&told.lang()) {
            let trimmed = text.trim_start();
            let start = text.len() - trimmed.len();
            hits.push(start..start + trimmed.trim_end().len(), Language::LABEL, ANOTHER);
        }
    }
}

/// As how many letters the character counts: what stands for a syllable or a word, for more than one.
fn weight(character: char) -> usize {
    match character {
        _ if !character.is_alphabetic() => 0,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found;

    #[test]
    fn every_code_is_sorted_and_known() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(CODES.iter().all(|(_, code)| Lang::from_code(*code).is_some()));
    }

    #[test]
    fn a_short_text_is_not_judged() {
        assert!(
            found("language", "{ allowed = 'en' }", "Guten Morgen, wie geht es dir?").is_empty()
        );
    }

    #[test]
    fn a_script_of_no_allowed_language_is_found() {
        let russian = "Ну что, народ, кто сегодня вечером пойдёт играть в футбол, а кто опять останется дома?";
        let names = "Ann, Bob, Carol and Dave meet Юрий at eight in front of the big station today";
        for (allowed, text) in [
            ("'en'", "Ну что, народ?"),
            ("'ru'", russian),
            ("['en', 'uk', 'ru', 'bg', 'sr', 'mk', 'be']", russian),
            ("'en'", names),
            ("'zh'", "我们明天早上八点在火车站前面见面，然后一起继续旅行，好吗"),
            ("['en', 'ja']", "明日の朝八時に駅前で会って、それから一緒に旅を続けましょう"),
            ("'en'", "明天八点见，好吗"),
        ] {
            let options = format!("{{ allowed = {allowed} }}");
            assert!(found("language", &options, text).is_empty(), "{allowed}: {text}");
        }
        for (allowed, text) in [
            ("'en'", russian),
            ("'en'", "我们明天早上八点在火车站前面见面，然后一起继续旅行，好吗"),
            ("'en'", "明日の朝八時に駅前で会って、それから一緒に旅を続けましょう"),
        ] {
            let options = format!("{{ allowed = {allowed} }}");
            assert_eq!(found("language", &options, text), [text], "{allowed}");
        }
    }

    #[test]
    fn another_language_is_found() {
        let german =
            "Wir treffen uns morgen um acht Uhr vor dem Bahnhof und fahren dann gemeinsam weiter.";
        assert!(found("language", "{ allowed = ['en', 'de'] }", german).is_empty());
        assert_eq!(found("language", "{ allowed = 'en' }", german), [german]);
        let english =
            "We meet tomorrow at eight in front of the station and then travel on together.";
        assert!(found("language", "{ allowed = 'en' }", english).is_empty());
    }
}
