//! The world's country codes and how long the numbers behind them are, as the telephone number
//! library `phonelib` has them from Google's libphonenumber: its own judgement, compiled into a table
//! of a kilobyte, where its code would add more than 30 to what is deployed.

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

/// The longest country code, in digits.
const LONGEST: usize = 3;

/// Whether a number of these digits behind its plus sign has a length that numbers of its country
/// have; `None` where no country code begins so.
///
/// The library also knows North America's area codes. They are left to the country's plan, which
/// takes any that could be assigned: people make up numbers for examples.
pub(super) fn is_valid(digits: &[u8]) -> Option<bool> {
    let mut code = 0;
    for (at, digit) in digits.iter().take(LONGEST).enumerate() {
        code = code * 10 + u16::from(*digit);
        // No code begins as another does.
        if let Ok(place) = CODES.binary_search_by_key(&code, |(code, ..)| *code) {
            let (_, behind_zero, others) = CODES.get(place)?;
            let number = digits.get(at + 1..)?;
            let lengths = if number.first() == Some(&0) { behind_zero } else { others };
            let length = u32::try_from(number.len()).ok()?;
            return Some(lengths.checked_shr(length).is_some_and(|rest| rest & 1 == 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn a_number_has_a_country_and_a_length() {
        for (text, valid) in [
            ("3725551234", Some(true)),
            ("37255512345", Some(true)),
            ("372555123456", Some(false)),
            ("372555", Some(false)),
            ("14155550132", Some(true)),
            ("15555550132", Some(true)),
            ("1415555013", Some(false)),
            ("80012345678", Some(true)),
            ("2105551234", None),
            ("999123456789", None),
            ("37", None),
            ("", None),
        ] {
            assert_eq!(is_valid(&digits(text)), valid, "{text}");
        }
    }

    #[test]
    fn no_code_begins_as_another_does() {
        assert!(CODES.is_sorted());
        let codes: Vec<String> = CODES.iter().map(|(code, ..)| code.to_string()).collect();
        for code in &codes {
            let longer = codes.iter().filter(|one| one.starts_with(code.as_str()));
            assert_eq!(longer.count(), 1, "{code}");
        }
        assert!(codes.iter().all(|code| code.len() <= LONGEST));
    }

    proptest! {
        /// Behind 1 the library asks for an area code, too; and it takes trunk prefixes.
        #[test]
        fn the_library_says_the_same(
            (code, ..) in prop::sample::select(CODES.get(1..).unwrap()),
            number in "0?[1-9][0-9]{2,10}",
        ) {
            let text = format!("{code}{number}");
            let ours = is_valid(&digits(&text)).unwrap();
            let behind_trunk = (1..=2).any(|trunk| {
                number.get(trunk..).is_some_and(|rest| {
                    is_valid(&digits(&format!("{code}{rest}"))) == Some(true)
                })
            });
            let library = phonelib::is_valid_phone_number(&format!("+{text}"));
            prop_assert!(library || !ours, "only ours takes {}", text);
            prop_assert!(ours || !library || behind_trunk, "only the library takes {}", text);
        }

        #[test]
        fn what_has_no_country_has_none_to_the_library(text in "[2-9][0-9]{7,14}") {
            let library = phonelib::is_valid_phone_number(&format!("+{text}"));
            prop_assert!(!library || is_valid(&digits(&text)).is_some(), "{}", text);
        }

        #[test]
        fn what_the_library_takes_in_north_america_is_taken(number in "[2-9][0-9]{9,10}") {
            let library = phonelib::is_valid_phone_number(&format!("+1{number}"));
            let ours = is_valid(&digits(&format!("1{number}")));
            prop_assert!(!library || ours == Some(true), "{}", number);
        }
    }
}
