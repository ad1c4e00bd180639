//! Phrase templates as the policy writes them: words, `(a|b|)`, and slots such as `[you]`.

use std::collections::BTreeMap;

use super::lexicon;

/// The most phrases that one template may stand for.
const MOST: usize = 10_000;

/// The slots that are there, with what fits them.
const SLOTS: &[(&str, &[&str])] = &[
    (
        "body",
        &[
            "arm", "arms", "ass", "back", "bones", "brain", "brains", "ear", "ears", "eye", "eyes",
            "face", "finger", "fingers", "hand", "hands", "head", "jaw", "knees", "leg", "legs",
            "neck", "nose", "ribs", "skull", "spine", "teeth", "throat", "tongue", "wrists",
        ],
    ),
    (
        "family",
        &[
            "brother",
            "child",
            "children",
            "dad",
            "daughter",
            "family",
            "father",
            "girlfriend",
            "husband",
            "kid",
            "kids",
            "mom",
            "momma",
            "mother",
            "mum",
            "parents",
            "sister",
            "son",
            "wife",
        ],
    ),
    (
        "hurt",
        &[
            "beat",
            "behead",
            "bury",
            "burn",
            "choke",
            "crush",
            "cut",
            "destroy",
            "end",
            "hang",
            "hurt",
            "kill",
            "murder",
            "punch",
            "rape",
            "shoot",
            "slap",
            "slaughter",
            "smash",
            "stab",
            "strangle",
            "torture",
        ],
    ),
    ("you", &["you", "u", "ya", "yall", "her", "him", "them", "yourself", "urself"]),
    ("your", &["your", "ur", "yo", "ya", "her", "his", "their"]),
];

/// What a slot stands for: the policy's own first, then those that are there. `intent` has what the
/// lexicon asks for before a threat.
fn slot<'a>(own: &'a BTreeMap<String, Vec<String>>, name: &str) -> Option<Vec<&'a str>> {
    if let Some(values) = own.get(name) {
        return Some(values.iter().map(String::as_str).collect());
    }
    if name == "intent" {
        return Some(lexicon::intents().collect());
    }
    let known = SLOTS.iter().find(|(known, _)| *known == name);
    known.map(|(_, values)| values.to_vec())
}

/// The names of the slots, for a message.
fn names(own: &BTreeMap<String, Vec<String>>) -> String {
    let known = SLOTS.iter().map(|(name, _)| *name);
    let names = own.keys().map(String::as_str).chain(known).chain(["intent"]);
    names.map(|name| format!("`[{name}]`")).collect::<Vec<_>>().join(", ")
}

/// What is wrong with a template, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) what: String,
    pub(super) help: String,
}

/// All phrases that the template stands for.
///
/// # Errors
/// Where a bracket is not closed, a slot not known, or the phrases are too many.
pub(super) fn phrases(
    template: &str,
    own: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<String>, Mistake> {
    let mut all = vec![String::new()];
    let mut rest = template;
    while let Some(open) = rest.find(['[', '(', ']', ')']) {
        let (plain, behind) = rest.split_at(open);
        for phrase in &mut all {
            phrase.push_str(plain);
        }
        let close = match behind.chars().next() {
            Some('[') => ']',
            Some('(') => ')',
            _ => return Err(open_bracket(template)),
        };
        let inner = behind.get(1..).unwrap_or_default();
        let (inner, behind) = inner.split_once(close).ok_or_else(|| open_bracket(template))?;
        if inner.contains(['[', '(', ')']) {
            return Err(open_bracket(template));
        }
        let choices = if close == ')' {
            inner.split('|').collect()
        } else {
            slot(own, inner).ok_or_else(|| Mistake {
                what: format!("`[{inner}]` is no slot"),
                help: format!("the slots are {}; `slots` adds your own", names(own)),
            })?
        };
        if all.len() * choices.len() > MOST {
            return Err(Mistake {
                what: format!("`{template}` stands for more than {MOST} phrases"),
                help: "make several of it".to_owned(),
            });
        }
        all = all
            .iter()
            .flat_map(|phrase| choices.iter().map(move |one| format!("{phrase}{one}")))
            .collect();
        rest = behind;
    }
    for phrase in &mut all {
        phrase.push_str(rest);
    }
    Ok(all)
}

fn open_bracket(template: &str) -> Mistake {
    Mistake {
        what: format!("a bracket of `{template}` has no partner, or another in it"),
        help: "write `(one|other)` for alternatives and `[name]` for a slot".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(template: &str) -> Result<Vec<String>, Mistake> {
        let own = BTreeMap::from([("place".to_owned(), vec!["home".to_owned(), "b c".to_owned()])]);
        phrases(template, &own)
    }

    #[test]
    fn what_is_not_a_template_is_refused() {
        for template in ["go [nowhere]", "go (a|b", "go a)", "go [a", "go [a(b|c)]", "go ((a)|b)"] {
            assert!(all(template).is_err(), "{template}");
        }
        let mistake = all("[hurt] [body] [hurt]").unwrap_err();
        assert!(mistake.what.contains("more than"), "{mistake:?}");
    }

    #[test]
    fn slots_and_alternatives_are_filled_in_all_ways() {
        assert_eq!(all("go away").unwrap(), ["go away"]);
        assert_eq!(
            all("go( back|) to [place]").unwrap(),
            ["go back to home", "go back to b c", "go to home", "go to b c"]
        );
        assert!(all("[intent] find [you]").unwrap().contains(&"i will find you".to_owned()));
        assert_eq!(all("[body]").unwrap().len(), SLOTS[0].1.len());
    }
}
