//! Domains that are made to be taken for another.

use std::borrow::Cow;

use psl2::compat;

use crate::detect::Evidence;
use crate::detect::profanity::latin_letter;

use super::host;

const HOMOGRAPH: Evidence = Evidence::of(&[("reads like a protected domain", 90)]);
const TYPO: Evidence = Evidence::of(&[("one character away from a protected domain", 70)]);
const ADDED: Evidence = Evidence::of(&[("a protected name with something added", 80)]);
const BEFORE: Evidence = Evidence::of(&[("a protected domain before another one", 90)]);
const NAME_BEFORE: Evidence = Evidence::of(&[("a protected name before another domain", 60)]);
const ENDING: Evidence = Evidence::of(&[("a protected name with another ending", 60)]);

/// Names shorter than this are too many other words' beginnings, ends and neighbours, in bytes.
const LEAST_NAME: usize = 5;
/// Names shorter than this have too many neighbours that are words too, in bytes.
const LEAST_TYPO: usize = 6;

/// What is written together with a name to make it look like a part of the real thing.
const BAIT: &[&str] = &[
    "account",
    "accounts",
    "app",
    "auth",
    "bank",
    "billing",
    "bonus",
    "care",
    "center",
    "claim",
    "client",
    "com",
    "customer",
    "free",
    "gift",
    "help",
    "id",
    "info",
    "login",
    "mail",
    "my",
    "net",
    "official",
    "online",
    "pay",
    "payment",
    "payments",
    "portal",
    "promo",
    "recovery",
    "reset",
    "reward",
    "rewards",
    "safe",
    "secure",
    "security",
    "service",
    "services",
    "shop",
    "signin",
    "store",
    "support",
    "team",
    "unlock",
    "update",
    "user",
    "verification",
    "verify",
    "wallet",
    "web",
    "www",
];

/// Domains whose look-alikes are to be found.
pub(super) struct Protected(Vec<Domain>);

struct Domain {
    /// In its one spelling: `example.com`.
    whole: String,
    /// As a glance takes it: `example`.
    name: String,
}

impl Protected {
    /// Of domains in their one spelling, each one that can be registered.
    pub(super) fn new(domains: Vec<String>) -> Self {
        let domain = |whole: String| {
            let name = skeleton(&registered(&whole)?.name);
            Some(Domain { whole, name })
        };
        Self(domains.into_iter().filter_map(domain).collect())
    }

    /// Why the host, in its one spelling, may be taken for a protected one, if it may. A protected
    /// domain and what is below it may not.
    pub(super) fn likeness(&self, host: &str) -> Option<Evidence> {
        if host::is_address(host) || self.0.iter().any(|one| is_below(host, &one.whole)) {
            return None;
        }
        let parts = registered(host)?;
        let seen = skeleton(&parts.name);
        let likeness = |one: &Domain| one.likeness(host, &parts, &seen);
        self.0.iter().filter_map(likeness).max_by_key(|evidence| evidence.confidence())
    }

    /// Why a link to another host may be taken for one to a protected domain: that stands where the
    /// user's name is. `link` is as it was written.
    pub(super) fn as_user(&self, link: &str) -> Option<Evidence> {
        let (_, authority) = link.split_once(':')?;
        let authority = authority.trim_start_matches(['/', '\\']);
        let end = authority.find(['/', '\\', '?', '#']).unwrap_or(authority.len());
        let (user, _) = authority.get(..end)?.rsplit_once('@')?;
        let user = host::canonical(user.split(':').next()?)?;
        self.0.iter().any(|one| is_below(&user, &one.whole)).then_some(BEFORE)
    }
}

impl Domain {
    fn likeness(&self, host: &str, parts: &Parts<'_>, seen: &str) -> Option<Evidence> {
        let long = self.name.len() >= LEAST_NAME;
        if seen == self.name {
            let same = self.whole.strip_prefix(parts.name.as_ref());
            let other_ending = same.is_some_and(|rest| rest.starts_with('.'));
            return if other_ending { long.then_some(ENDING) } else { Some(HOMOGRAPH) };
        }
        if is_added(seen, &self.name) {
            return Some(ADDED);
        }
        let before = parts.before;
        let labels = |whole: &str| format!(".{before}.").contains(&format!(".{whole}."));
        if !before.is_empty() && labels(&self.whole) {
            return Some(BEFORE);
        }
        if self.name.len() >= LEAST_TYPO && is_one_edit(seen.as_bytes(), self.name.as_bytes()) {
            return Some(TYPO);
        }
        let holds = |label: &str| {
            let seen = skeleton(&unicode(label));
            seen == self.name || is_added(&seen, &self.name)
        };
        (long && host.len() > parts.name.len() && before.split('.').any(holds))
            .then_some(NAME_BEFORE)
    }
}

/// A host, taken apart.
struct Parts<'a> {
    /// What stands before the registered domain, without the dot between them.
    before: &'a str,
    /// What was registered, without the ending: in Unicode.
    name: Cow<'a, str>,
}

fn registered(host: &str) -> Option<Parts<'_>> {
    let length = compat::domain_str(host)?.as_bytes().len();
    let (before, whole) = host.split_at_checked(host.len().checked_sub(length)?)?;
    let (name, _) = whole.split_once('.')?;
    Some(Parts { before: before.trim_end_matches('.'), name: unicode(name) })
}

/// Whether `domain` can be registered, and is not below one that was.
pub(super) fn is_registered(domain: &str) -> bool {
    registered(domain).is_some_and(|parts| parts.before.is_empty())
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn unicode(label: &str) -> Cow<'_, str> {
    if label.starts_with("xn--") {
        Cow::Owned(idna::domain_to_unicode(label).0)
    } else {
        Cow::Borrowed(label)
    }
}

/// What a glance takes the label for: letters of other scripts, digits and pairs as what they look
/// like, accents left out, `i` and `l` as one.
fn skeleton(label: &str) -> String {
    let letters: String = label
        .chars()
        .filter_map(|character| match character {
            '0' => Some('o'),
            '1' | '!' | 'i' | 'l' => Some('l'),
            '2' => Some('z'),
            '3' => Some('e'),
            '4' => Some('a'),
            '5' => Some('s'),
            '7' => Some('t'),
            '6' | '8' => Some('b'),
            '9' => Some('g'),
            '_' => Some('-'),
            _ if character.is_ascii() => Some(character.to_ascii_lowercase()),
            _ => latin_letter(character).map(|letter| if letter == 'i' { 'l' } else { letter }),
        })
        .collect();
    letters.replace("rn", "m").replace("vv", "w")
}

/// Whether what is seen is the name with something added: behind or before a hyphen, or one of the
/// usual words without one.
fn is_added(seen: &str, name: &str) -> bool {
    let bait = |rest: &str| BAIT.iter().any(|bait| skeleton(bait) == rest);
    if format!("-{seen}-").contains(&format!("-{name}-")) {
        return name.len() >= LEAST_NAME || seen.split('-').all(|one| one == name || bait(one));
    }
    let rest = seen.strip_prefix(name).or_else(|| seen.strip_suffix(name));
    name.len() >= LEAST_NAME
        && rest.is_some_and(|rest| bait(rest.trim_matches('-').trim_matches(is_digit)))
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// Whether one becomes the other by adding, dropping or changing one byte, or swapping two
/// neighbours; not whether they are the same.
fn is_one_edit(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let (Some(short), Some(long)) = (short.get(same..), long.get(same..)) else { return false };
    match (short, long) {
        ([], [_]) => true,
        ([_, first @ ..], [_, second @ ..]) if short.len() == long.len() && first == second => true,
        ([a, b, first @ ..], [c, d, second @ ..]) if a == d && b == c && first == second => true,
        (short, [_, rest @ ..]) => short == rest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(domain: &str, host: &str) -> Option<Evidence> {
        let host = host::canonical(host).unwrap();
        Protected::new(vec![domain.to_owned()]).likeness(&host)
    }

    #[test]
    fn the_domain_itself_and_others_are_let_go() {
        for host in [
            "example.com",
            "www.example.com",
            "login.example.com",
            "samples.com",
            "exam.com",
            "explain.com",
            "simple.org",
            "counterexamples.net",
            "127.0.0.1",
        ] {
            assert_eq!(likeness("example.com", host), None, "{host}");
        }
        for host in
            ["aim.com", "ink.com", "king.com", "ing.de", "parking-garage.com", "x-ing-y.com"]
        {
            assert_eq!(likeness("ing.com", host), None, "{host}");
        }
        assert_eq!(likeness("apple.com", "apply.com"), None, "short names have neighbours");
        assert_eq!(likeness("apple.com", "pineapple.com"), None);
    }

    #[test]
    fn what_reads_the_same_is_found() {
        for host in [
            "examp1e.com",
            "exаmple.com",
            "ехаmрlе.com",
            "exarnple.com",
            "éxample.com",
            "EXAMP!E.com",
        ] {
            let Some(canonical) = host::canonical(host) else { continue };
            let protected = Protected::new(vec!["example.com".to_owned()]);
            assert_eq!(protected.likeness(&canonical), Some(HOMOGRAPH), "{host}");
        }
        assert_eq!(likeness("paypal.com", "paypaI.com"), Some(HOMOGRAPH));
        assert_eq!(likeness("ing.com", "1ng.com"), Some(HOMOGRAPH));
        assert_eq!(likeness("bücher-welt.de", "bucher-welt.de"), Some(HOMOGRAPH));
    }

    #[test]
    fn what_is_nearly_the_same_is_found() {
        for host in ["exmaple.com", "exampl.com", "examplee.com", "exanple.net", "e-xample.com"] {
            assert_eq!(likeness("example.com", host), Some(TYPO), "{host}");
        }
    }

    #[test]
    fn additions_are_found() {
        for host in [
            "example-login.com",
            "my-example.co.uk",
            "secure.example-pay.net",
            "examplelogin.com",
            "wwwexample.com",
            "example-com.info",
            "examp1e-support.com",
        ] {
            assert_eq!(likeness("example.com", host), Some(ADDED), "{host}");
        }
        assert_eq!(likeness("ing.com", "ing-login.com"), Some(ADDED));
    }

    #[test]
    fn the_name_in_front_of_another_domain_is_found() {
        assert_eq!(likeness("example.com", "example.com.evil.net"), Some(BEFORE));
        assert_eq!(likeness("example.com", "www.example.com.a.b.co.uk"), Some(BEFORE));
        assert_eq!(likeness("example.com", "example.evil.net"), Some(NAME_BEFORE));
        assert_eq!(likeness("example.com", "login-example.evil.net"), Some(NAME_BEFORE));
        assert_eq!(likeness("example.com", "example.net"), Some(ENDING));
        let protected = Protected::new(vec!["example.com".to_owned()]);
        assert_eq!(protected.as_user("https://example.com@evil.net/"), Some(BEFORE));
        assert_eq!(protected.as_user("https://www.example.com:x@evil.net"), Some(BEFORE));
        assert_eq!(protected.as_user("https://ann@evil.net/@example.com"), None);
    }

    #[test]
    fn one_edit_is_one() {
        for (one, other) in [("abc", "abd"), ("abc", "ab"), ("abc", "acb"), ("abc", "xabc")] {
            assert!(is_one_edit(one.as_bytes(), other.as_bytes()), "{one} {other}");
            assert!(is_one_edit(other.as_bytes(), one.as_bytes()), "{other} {one}");
        }
        for (one, other) in [("abc", "abc"), ("abc", "a"), ("abc", "cba"), ("abcd", "badc")] {
            assert!(!is_one_edit(one.as_bytes(), other.as_bytes()), "{one} {other}");
        }
    }
}
