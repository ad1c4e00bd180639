//! Phrase templates as the policy writes them: words, `(a|b|)`, and slots such as `[you]`.

use std::collections::BTreeMap;

use super::lexicon;

/// The most phrases that the templates of a rule may stand for together.
pub(super) const MOST: usize = 50_000;

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
/// Where a bracket is not closed, a slot not known, a letter masked, or the phrases are too many.
pub(super) fn phrases(
    template: &str,
    own: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<String>, Mistake> {
    plain(template, "a phrase")?;
    let mut all = vec![String::new()];
    let mut rest = template;
    while let Some(open) = rest.find(['[', '(', ']', ')']) {
        let (plain, behind) = rest.split_at(open);
        if plain.contains('|') {
            return Err(loose_bar(template));
        }
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
                help:
                    "write fewer words, such as `(kill|hurt)` for `[hurt]`, or make several of it, \
                       each in a rule of its own"
                        .to_owned(),
            });
        }
        all = all
            .iter()
            .flat_map(|phrase| choices.iter().map(move |one| format!("{phrase}{one}")))
            .collect();
        rest = behind;
    }
    if rest.contains('|') {
        return Err(loose_bar(template));
    }
    for phrase in &mut all {
        phrase.push_str(rest);
    }
    Ok(all)
}

/// Whether a template has a place for the slot.
pub(super) fn has_slot(template: &str, name: &str) -> bool {
    let mut slots = template.split('[').skip(1).filter_map(|behind| behind.split_once(']'));
    slots.any(|(slot, _)| slot == name)
}

/// Refuses a value of a slot that is more than words.
///
/// # Errors
/// Where it has brackets, alternatives or a masked letter.
pub(super) fn value(value: &str) -> Result<(), Mistake> {
    if value.contains(['[', ']', '(', ')', '|']) {
        return Err(Mistake {
            what: format!("`{value}` is in a slot, where only words are read"),
            help: "write each alternative as a value of its own, without brackets".to_owned(),
        });
    }
    plain(value, "a slot")
}

/// Refuses masked letters, which would be read as a space.
fn plain(text: &str, place: &str) -> Result<(), Mistake> {
    if !text.contains('*') {
        return Ok(());
    }
    Err(Mistake {
        what: format!("`*` stands for no letter in {place}: `{text}`"),
        help: "write the word in full; it is found in disguise as well".to_owned(),
    })
}

fn loose_bar(template: &str) -> Mistake {
    Mistake {
        what: format!("the alternatives of `{template}` are in no bracket"),
        help: "write `(one|other)`, or each as a phrase of its own".to_owned(),
    }
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
        let mistake = all("[hurt] [body] [hurt] [family]").unwrap_err();
        assert!(mistake.what.contains("more than"), "{mistake:?}");
        for template in ["free|cheap pills", "go (a|b) c|d", "k*ll", "go (k*ll|b)"] {
            assert!(all(template).is_err(), "{template}");
        }
        for word in ["[b]", "a|b", "(a)", "k*ll"] {
            assert!(value(word).is_err(), "{word}");
        }
        assert_eq!(value("where you came from, u"), Ok(()));
    }

    #[test]
    fn the_slots_that_are_there_go_together() {
        let all = all("[intent] [hurt] your [family]").unwrap();
        assert!(all.contains(&"i will hurt your family".to_owned()));
        assert!(has_slot("[intent] [hurt] you", "hurt"));
        assert!(!has_slot("(hurt) [you]", "hurt"));
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
