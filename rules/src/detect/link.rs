mod host;
mod impostor;
pub(super) mod search;
mod shorteners;

use std::borrow::Borrow;
use std::collections::HashSet;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

pub(super) use self::host::Judged;
use self::host::Top;
use self::impostor::Protected;
use self::search::{Candidate, Form, Links};
use super::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, At, Build, Code, OneOrMany};

#[doc = include_str!("link.md")]
pub(crate) struct Link;

/// Options of `link`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "LinkOptions")]
pub(crate) struct Options {
    /// Domains whose links are found. A domain stands for its subdomains too.
    #[schemars(with = "Option<OneOrMany>")]
    block: Option<At<OneOrMany>>,
    /// Whether links of services that shorten addresses are found.
    shorteners: bool,
    /// Whether links to an IP address instead of a name are found.
    addresses: bool,
    /// Domains of yours: links to domains that look like one of them are found.
    #[schemars(with = "Option<OneOrMany>")]
    protect: Option<At<OneOrMany>>,
    /// Domains whose links are not found. A domain stands for its subdomains too.
    #[schemars(with = "Option<OneOrMany>")]
    allow: Option<At<OneOrMany>>,
}

impl Detector for Link {
    const NAME: &'static str = "link";
    const SUMMARY: &'static str =
        "links: all of them, those to some domains, those to any other, or those in disguise";
    const PAGE: &'static str = include_str!("link.md");
    const LABEL: &'static str = "link";
    const GROUPS: &'static [&'static str] = &["links"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const READS_ESCAPES: bool = true;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let set = |list: At<OneOrMany>, key: &str, build: &mut Build<'_>| {
            Domains::new(domains(list, key, build).into_iter().map(|at| at.value))
        };
        let protect = options.protect.map(|list| {
            let mut protected = Vec::new();
            for At { value, range } in domains(list, "protect", build) {
                if impostor::is_registered(&value) {
                    protected.push(value);
                } else {
                    build.mistake(
                        Code::InvalidOption,
                        range,
                        format!("`{value}` is not a domain that can be registered"),
                        "write the domain that is yours, such as `example.com`".to_owned(),
                    );
                }
            }
            Protected::new(protected)
        });
        let block = options.block.map(|list| set(list, "block", build));
        let allow = options.allow.map(|list| set(list, "allow", build));
        let Options { shorteners, addresses, .. } = options;
        Probe::Text(Box::new(Judge { block, shorteners, addresses, protect, allow }))
    }
}

/// A set of domains, each with its subdomains.
struct Domains {
    names: HashSet<String>,
    /// Their last labels.
    tops: HashSet<String>,
    /// Whether one of those has signs that no real name has.
    has_odd_tops: bool,
}

/// The domains of the list, each in its one spelling; mistakes are reported.
fn domains(list: At<OneOrMany>, key: &str, build: &mut Build<'_>) -> Vec<At<String>> {
    if list.value.0.is_empty() {
        build.mistake(
            Code::EmptyList,
            list.range.clone(),
            format!("`{key}` names no domain"),
            "name one, or leave the key away".to_owned(),
        );
    }
    let mut domains = Vec::new();
    for At { value, range } in list.placed() {
        let written = value.trim().trim_start_matches("*.").trim_start_matches('.');
        let plain = !written.is_empty()
            && !written.contains(|one: char| {
                one.is_whitespace() || matches!(one, '/' | ':' | '@' | '*' | '?' | '#' | '\\')
            });
        match host::canonical(written).filter(|_| plain || written.starts_with('[')) {
            Some(value) => domains.push(At { value, range }),
            None => build.mistake(
                Code::InvalidOption,
                range,
                format!("`{value}` is not a domain"),
                "write the domain alone, such as `example.com`".to_owned(),
            ),
        }
    }
    domains
}

impl Domains {
    fn new(names: impl Iterator<Item = String>) -> Self {
        let names: HashSet<String> = names.collect();
        let tops = names.iter().filter_map(|name| name.rsplit('.').next());
        let tops: HashSet<String> = tops.map(str::to_owned).collect();
        let has_odd_tops = names.iter().any(|name| Top::of(name) == Top::Odd);
        Self { names, tops, has_odd_tops }
    }

    /// Whether a host with this last label may be in the set.
    fn may_hold(&self, top: &Top) -> bool {
        match top {
            Top::Label(spellings) => spellings.iter().any(|top| self.tops.contains(top)),
            Top::Odd => self.has_odd_tops,
            Top::Unknown => true,
        }
    }

    /// Whether the host or a domain above it is in the set.
    fn hold(&self, host: &str) -> bool {
        let mut rest = host;
        loop {
            if self.names.contains(rest) {
                return true;
            }
            match rest.split_once('.') {
                Some((_, above)) => rest = above,
                None => return false,
            }
        }
    }
}

const BLOCKED: Evidence = Evidence::of(&[("leads to a domain on the list", 100)]);
const SHORTENED: Evidence = Evidence::of(&[("a service that shortens addresses", 95)]);
const ADDRESS: Evidence = Evidence::of(&[("leads to an address, not a name", 90)]);
const SCHEME: Evidence = Evidence::of(&[("a scheme and a host", 100)]);
const PATH: Evidence =
    Evidence::of(&[("ends in a public suffix", 70), ("has `www`, a port or a path", 25)]);
const BARE: Evidence = Evidence::of(&[("ends in a public suffix", 70)]);
const WORD_LIKE: Evidence =
    Evidence::of(&[("ends in a public suffix", 70), ("may be words, a time or a file", -40)]);

struct Judge {
    block: Option<Domains>,
    shorteners: bool,
    addresses: bool,
    protect: Option<Protected>,
    allow: Option<Domains>,
}

impl Judge {
    /// Why the link is to be found, if it is; `text` is what it stands in.
    fn evidence(&self, link: &Candidate, text: &str) -> Option<Evidence> {
        if link.form == Form::Unlisted {
            return self.unlisted(&link.host, link.top.as_ref()?);
        }
        if self.allow.as_ref().is_some_and(|allow| allow.hold(&link.host)) {
            return None;
        }
        let chooses =
            self.block.is_some() || self.protect.is_some() || self.shorteners || self.addresses;
        if chooses {
            return self.chosen(link, text);
        }
        match link.form {
            Form::Scheme => Some(SCHEME),
            Form::Path => Some(PATH),
            Form::Bare => Some(BARE),
            Form::WordLike => Some(WORD_LIKE),
            Form::Unlisted => None,
        }
    }

    /// Why a host that ends in no public suffix is to be found: only where the policy names it.
    fn unlisted(&self, written: &str, top: &Top) -> Option<Evidence> {
        let block = self.block.as_ref().filter(|block| block.may_hold(top))?;
        let host = host::canonical(written)?;
        let allowed = self.allow.as_ref().is_some_and(|allow| allow.hold(&host));
        (block.hold(&host) && !allowed).then_some(BLOCKED)
    }

    /// Why the link is one of those that the options name, if it is.
    fn chosen(&self, link: &Candidate, text: &str) -> Option<Evidence> {
        if self.block.as_ref().is_some_and(|block| block.hold(&link.host)) {
            return Some(BLOCKED);
        }
        if self.shorteners && shorteners::is_shortener(&link.host) {
            return Some(SHORTENED);
        }
        if self.addresses && host::is_address(&link.host) {
            return Some(ADDRESS);
        }
        let protect = self.protect.as_ref()?;
        // What may be words is a link only where it cannot be the name itself: `our example.it is`.
        let sure = |likeness: &Evidence| {
            link.form != Form::WordLike || likeness.confidence() >= BARE.confidence()
        };
        let likeness = protect.likeness(&link.host).filter(sure);
        likeness.or_else(|| protect.as_user(text.get(link.range.clone())?))
    }
}

impl TextDetector for Judge {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut unlisted = self.report(scan.links(), scan, hits);
        // Port and path of a host that only this policy knows were read as other links; from there
        // on, the text is read again.
        let mut links = Links::of(scan);
        while let Some((mut range, evidence)) = unlisted {
            links.extend(&mut range);
            hits.push(range, Link::LABEL, evidence);
            unlisted = self.report(links.by_ref(), scan, hits);
        }
    }
}

impl Judge {
    /// Reports the links that are to be found, up to the first whose host only the policy knows:
    /// that one is returned.
    fn report(
        &self,
        links: impl IntoIterator<Item = impl Borrow<Candidate>>,
        scan: &Scan<'_>,
        hits: &mut Hits,
    ) -> Option<(Range<usize>, Evidence)> {
        for link in links {
            let link = link.borrow();
            let Some(evidence) = self.evidence(link, scan.text()) else { continue };
            if link.form == Form::Unlisted {
                return Some((link.range.clone(), evidence));
            }
            hits.push(link.range.clone(), Link::LABEL, evidence);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_linear, found};
    use crate::policy::{Code, NoResources, Policy};

    fn links<'a>(options: &str, text: &'a str) -> Vec<&'a str> {
        let mut links = found("link", options, text);
        links.sort_unstable();
        links
    }

    #[test]
    fn only_a_domain_and_those_below_it_are_blocked() {
        let options = "{ block = ['evil.example', '*.bücher.example', 'xyz', '127.0.0.1'] }";
        let fine =
            "notevil.example/x https://evil.example.com http://xn--bcher-kva.com http://10.0.0.1/";
        assert!(links(options, fine).is_empty());
        let bad = [
            "HTTPS://Evil.Example.",
            "a.b.evil.example",
            "evil%2eexample/x",
            "hxxp://evil[.]example/",
            "http://xn--bcher-kva.example/x",
            "BÜCHER.example",
            "http://0x7f.1/",
            "some.xyz",
        ];
        for text in bad {
            assert_eq!(links(options, text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_path_belongs_to_a_host_that_only_the_policy_knows() {
        let options = "{ block = ['evil.local', 'example.com'], allow = 'a.evil.local' }";
        assert_eq!(
            links(
                options,
                "evil.local:80/example.com a.evil.local/x b.EVIL.local/evil.local, example.com/x"
            ),
            ["b.EVIL.local/evil.local", "evil.local:80/example.com", "example.com/x"]
        );
    }

    #[test]
    fn hyphens_of_other_widths_are_hyphens() {
        assert_eq!(links("{ block = 'evil-shop.com' }", "evil－shop.com"), ["evil－shop.com"]);
    }

    #[test]
    fn what_may_be_words_counts_only_on_a_list() {
        assert!(links("{}", "went home.it was main.rs").is_empty());
        assert_eq!(links("{ block = 'home.it' }", "went home.it was"), ["home.it"]);
    }

    #[test]
    fn an_allowed_domain_is_an_exception_to_a_blocked_one() {
        let options = "{ block = 'example.com', allow = 'docs.example.com' }";
        let text = "docs.example.com/x www.example.com/y other.org/z";
        assert_eq!(links(options, text), ["www.example.com/y"]);
        assert_eq!(
            links("{ allow = 'example.com' }", "a.example.com/x https://user@example.org/y"),
            ["https://user@example.org/y"]
        );
    }

    #[test]
    fn what_hides_where_it_leads_is_found_only_when_asked() {
        let text = "example.com http://10.0.0.1/x http://0x7f.1 bit.ly/3xY tinyurl.com/abc \
                    orbit.ly/3 http://[2001:db8::1]:80/";
        assert_eq!(links("{ shorteners = true }", text), ["bit.ly/3xY", "tinyurl.com/abc"]);
        assert_eq!(
            links("{ addresses = true }", text),
            ["http://0x7f.1", "http://10.0.0.1/x", "http://[2001:db8::1]:80/"]
        );
        let both = "{ shorteners = true, block = 'example.com', allow = 'bit.ly' }";
        assert_eq!(links(both, text), ["example.com", "tinyurl.com/abc"]);
    }

    #[test]
    fn look_alikes_of_a_protected_domain_are_found() {
        let options = "{ protect = 'example.com' }";
        let fine = "www.example.com/login example.com apple.org/example.com http://10.0.0.1 \
                    e.g. this. an example.it is";
        assert!(links(options, fine).is_empty());
        for text in [
            "https://examp1e.com/login",
            "hxxp://exаmple[.]com",
            "ex%61rnple.com",
            "xn--exmple-4nf.com",
            "example-login.com",
            "https://example.com.evil.net/x",
            "https://example.com@evil.net/x",
            "http://exmaple.com",
        ] {
            assert_eq!(links(options, text), [text], "{text}");
        }
        let allow = "{ protect = 'example.com', allow = 'example-login.com' }";
        assert!(links(allow, "example-login.com").is_empty());
    }

    #[test]
    fn a_list_of_other_things_than_domains_is_a_mistake() {
        let text = "[[rule]]\nid = 'r'\ndetect = 'link'\naction = 'deny'\n\
            options = { block = ['https://a.example', 'a b', ''], allow = [], \
            protect = ['com', 'www.example.com', '10.0.0.1'] }\n";
        let codes: Vec<_> =
            Policy::load(text, &NoResources).unwrap_err().0.iter().map(|one| one.code).collect();
        let invalid = Code::InvalidOption;
        let mut expected = [invalid; 7];
        expected[3] = Code::EmptyList;
        assert_eq!(codes, expected);
    }

    #[test]
    fn time_is_linear() {
        let units = [
            ".",
            "a.",
            "a.a",
            ":/",
            "http://",
            "http://a",
            "http://a@",
            "[.]",
            "(dot",
            "%2e",
            "a.com:",
            "。",
            "a。",
            "https://[",
            "www.a/(",
            "a.b/)",
            "é.",
            "a.com/(",
            "a [dot] ",
            "x.example/(",
            "－",
        ];
        assert_linear("link", "{ block = 'x.example' }", &units);
        assert_linear("link", "{}", &units);
        assert_linear(
            "link",
            "{ protect = ['example.com', 'x.org'], shorteners = true }",
            &["example.com.a ", "http://a@", "exampl-", "xn--a.", "a.com "],
        );
    }
}
