//! National numbering plans, as far as they are needed to tell a telephone number from another.
//!
//! Written from the plans that countries publish to the ITU (E.164, national numbering plans):
//! which digits a national number may begin with, how many it has, and how it is usually grouped.

/// A country's plan.
pub(super) struct Plan {
    /// ISO 3166 code.
    pub(super) region: &'static str,
    /// Country code.
    pub(super) code: &'static str,
    /// What is dialled before a national number; left out behind the country code.
    pub(super) trunk: &'static str,
    /// Whether the national form has it.
    pub(super) trunk_is_written: bool,
    /// Shapes of national numbers, without the trunk prefix: `X` is any digit, `[2-9]` some, `?`
    /// one that may be missing.
    pub(super) shapes: &'static [&'static str],
    /// How national numbers are usually grouped, with the trunk prefix where it is written.
    pub(super) groups: &'static [&'static [usize]],
}

const NORTH_AMERICA: &[&str] = &["[2-9][0-8]X[2-9]XXXXXX"];

/// The plans, in the order they are tried.
pub(super) const PLANS: &[Plan] = &[
    Plan {
        region: "US",
        code: "1",
        trunk: "1",
        trunk_is_written: false,
        shapes: NORTH_AMERICA,
        groups: &[&[3, 3, 4], &[1, 3, 3, 4]],
    },
    Plan {
        region: "CA",
        code: "1",
        trunk: "1",
        trunk_is_written: false,
        shapes: NORTH_AMERICA,
        groups: &[&[3, 3, 4], &[1, 3, 3, 4]],
    },
    Plan {
        region: "GB",
        code: "44",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[
            "1XXXXXXXX?",
            "2XXXXXXXXX",
            "3XXXXXXXXX",
            "5[56]XXXXXXXX",
            "7XXXXXXXXX",
            "8XXXXXXXX?",
            "9XXXXXXXXX",
        ],
        groups: &[
            &[5, 6],
            &[5, 3, 3],
            &[3, 4, 4],
            &[4, 3, 4],
            &[4, 3, 3],
            &[4, 7],
            &[3, 8],
            &[5, 5],
            &[5, 2, 4],
            &[6, 5],
            &[3, 3, 4],
        ],
    },
    Plan {
        region: "DE",
        code: "49",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["1[567]XXXXXXXX?", "[2-9]XXXXXX????", "180XXXX????", "800XXXXXXX???"],
        groups: &[
            &[3, 5],
            &[3, 6],
            &[3, 7],
            &[3, 8],
            &[4, 4],
            &[4, 5],
            &[4, 6],
            &[4, 7],
            &[4, 8],
            &[5, 3],
            &[5, 4],
            &[5, 5],
            &[5, 6],
            &[5, 7],
            &[3, 3, 4],
            &[3, 4, 4],
            &[4, 3, 4],
            &[4, 3, 3],
            &[4, 4, 4],
            &[5, 3, 3],
            &[5, 3, 4],
            &[5, 2, 2, 3],
            &[5, 2, 2, 2],
            &[4, 2, 2, 2, 2],
            &[4, 2, 2, 3],
            &[4, 3, 2, 2],
            &[3, 2, 2, 2, 2],
            &[3, 4, 2, 2],
            &[3, 3, 2, 2],
            &[4, 2, 2, 2],
            &[3, 3, 3],
            &[4, 3, 2, 2, 1],
        ],
    },
    Plan {
        region: "FR",
        code: "33",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[1-9]XXXXXXXX"],
        groups: &[
            &[2, 2, 2, 2, 2],
            &[4, 2, 2, 2],
            &[4, 3, 3],
            &[1, 3, 3, 3],
            &[1, 3, 2, 2, 2],
            &[4, 6],
            &[2, 4, 4],
            &[2, 8],
        ],
    },
    Plan {
        region: "ES",
        code: "34",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[6789]XXXXXXXX"],
        groups: &[&[3, 3, 3], &[3, 2, 2, 2], &[2, 3, 2, 2]],
    },
    Plan {
        region: "IT",
        code: "39",
        trunk: "",
        trunk_is_written: false,
        shapes: &["0XXXXXX????", "3XXXXXXXX?", "8XXXXX????"],
        groups: &[
            &[3, 7],
            &[3, 3, 4],
            &[3, 6],
            &[2, 8],
            &[2, 4, 4],
            &[4, 6],
            &[4, 7],
            &[2, 7],
            &[3, 8],
            &[2, 6],
            &[3, 3, 3],
            &[3, 2, 2, 3],
            &[3, 4, 3],
            &[4, 5],
            &[2, 3, 4],
            &[3, 4, 4],
        ],
    },
    Plan {
        region: "NL",
        code: "31",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[1-9]XXXXXXXX", "[89]00XXXX"],
        groups: &[
            &[2, 8],
            &[3, 7],
            &[4, 6],
            &[2, 4, 4],
            &[3, 3, 4],
            &[2, 2, 2, 2, 2],
            &[4, 3, 3],
            &[4, 2, 2, 2],
            &[3, 3, 2, 2],
            &[4, 4],
            &[3, 2, 2, 3],
            &[2, 3, 3, 2],
        ],
    },
    Plan {
        region: "IN",
        code: "91",
        trunk: "0",
        trunk_is_written: false,
        shapes: &["[6-9]XXXXXXXXX", "[1-5]XXXXXXXXX"],
        groups: &[
            &[5, 5],
            &[3, 4, 4],
            &[2, 4, 4],
            &[3, 8],
            &[4, 7],
            &[3, 3, 4],
            &[4, 3, 3],
            &[5, 6],
            &[4, 3, 4],
            &[6, 5],
        ],
    },
    Plan {
        region: "BR",
        code: "55",
        trunk: "0",
        trunk_is_written: false,
        shapes: &["[1-9][1-9]9XXXXXXXX", "[1-9][1-9][2-5]XXXXXXX", "800XXXXXX?"],
        groups: &[&[2, 5, 4], &[2, 4, 4], &[3, 5, 4], &[3, 4, 4], &[2, 1, 4, 4]],
    },
    Plan {
        region: "MX",
        code: "52",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[2-9]XXXXXXXXX"],
        groups: &[&[2, 4, 4], &[3, 3, 4], &[3, 3, 2, 2], &[2, 2, 2, 2, 2]],
    },
    Plan {
        region: "AU",
        code: "61",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[2378]XXXXXXXX", "4XXXXXXXX", "5XXXXXXXX", "1[38]00XXXXXX"],
        groups: &[&[2, 4, 4], &[4, 3, 3], &[2, 8], &[4, 6]],
    },
    Plan {
        region: "JP",
        code: "81",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[5789]0XXXXXXXX", "[1-9]XXXXXXXX"],
        groups: &[&[3, 4, 4], &[2, 4, 4], &[3, 3, 4], &[4, 2, 4], &[4, 3, 3], &[5, 1, 4]],
    },
    Plan {
        region: "ZA",
        code: "27",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[1-8]XXXXXXXX"],
        groups: &[&[3, 3, 4], &[3, 7]],
    },
    Plan {
        region: "AT",
        code: "43",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["6XXXXXXXX????", "[1-57]XXXXX??????"],
        groups: &[
            &[4, 3, 2, 2],
            &[4, 6],
            &[4, 7],
            &[4, 3, 4],
            &[4, 3, 3],
            &[4, 8],
            &[2, 3, 4],
            &[2, 7],
            &[2, 3, 2, 2],
            &[5, 5],
            &[4, 2, 2, 2],
        ],
    },
    Plan {
        region: "CH",
        code: "41",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[2-9]XXXXXXXX"],
        groups: &[&[3, 3, 2, 2], &[3, 3, 4], &[3, 7], &[4, 3, 3]],
    },
    Plan {
        region: "BE",
        code: "32",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["4XXXXXXXX", "[1-35-9]XXXXXXX"],
        groups: &[&[4, 2, 2, 2], &[3, 2, 2, 2], &[2, 3, 2, 2], &[4, 3, 3], &[4, 6]],
    },
    Plan {
        region: "SE",
        code: "46",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[1-9]XXXXXX??"],
        groups: &[
            &[3, 3, 2, 2],
            &[3, 7],
            &[2, 3, 3, 2],
            &[4, 3, 2],
            &[3, 3, 3],
            &[2, 3, 2, 2],
            &[4, 2, 2, 2],
            &[3, 2, 2, 2],
            &[2, 6],
            &[2, 7],
            &[4, 3, 3],
        ],
    },
    Plan {
        region: "NO",
        code: "47",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[2-9]XXXXXXX"],
        groups: &[&[2, 2, 2, 2], &[3, 2, 3]],
    },
    Plan {
        region: "DK",
        code: "45",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[2-9]XXXXXXX"],
        groups: &[&[2, 2, 2, 2], &[4, 4]],
    },
    Plan {
        region: "FI",
        code: "358",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[45]XXXXXX????", "[1-36-9]XXXX??????"],
        groups: &[&[3, 7], &[3, 3, 4], &[3, 4, 3], &[3, 3, 3], &[2, 7], &[2, 3, 4], &[2, 3, 2, 2]],
    },
    Plan {
        region: "PL",
        code: "48",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[1-9]XXXXXXXX"],
        groups: &[&[3, 3, 3], &[2, 3, 2, 2]],
    },
    Plan {
        region: "PT",
        code: "351",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[2389]XXXXXXXX"],
        groups: &[&[3, 3, 3], &[2, 3, 4], &[2, 3, 2, 2]],
    },
    Plan {
        region: "IE",
        code: "353",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["8XXXXXXXX", "[1-79]XXXXXX??"],
        groups: &[&[3, 3, 4], &[3, 7], &[2, 3, 4], &[2, 7]],
    },
    Plan {
        region: "CZ",
        code: "420",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[2-79]XXXXXXXX"],
        groups: &[&[3, 3, 3]],
    },
    Plan {
        region: "GR",
        code: "30",
        trunk: "",
        trunk_is_written: false,
        shapes: &["[26]XXXXXXXXX"],
        groups: &[&[3, 3, 4], &[3, 7], &[4, 6], &[2, 4, 4], &[3, 4, 3]],
    },
    Plan {
        region: "HU",
        code: "36",
        trunk: "06",
        trunk_is_written: true,
        shapes: &["[1-9]XXXXXXX?"],
        groups: &[&[2, 2, 3, 4], &[2, 2, 3, 3], &[2, 1, 3, 4]],
    },
    Plan {
        region: "TR",
        code: "90",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["[2-5]XXXXXXXXX"],
        groups: &[&[4, 3, 2, 2], &[4, 3, 4], &[1, 3, 3, 2, 2], &[1, 3, 3, 4], &[4, 7]],
    },
    Plan {
        region: "RU",
        code: "7",
        trunk: "8",
        trunk_is_written: true,
        shapes: &["[34789]XXXXXXXXX"],
        groups: &[&[1, 3, 3, 2, 2], &[1, 3, 3, 4], &[1, 3, 7]],
    },
    Plan {
        region: "CN",
        code: "86",
        trunk: "0",
        trunk_is_written: false,
        shapes: &["1[3-9]XXXXXXXXX", "10XXXXXXXX", "2[0-9]XXXXXXXX", "[3-9]XXXXXXXXX?"],
        groups: &[&[3, 4, 4], &[3, 3, 5], &[4, 4, 4], &[4, 3, 4]],
    },
    Plan {
        region: "KR",
        code: "82",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["1[016-9]XXXXXXX?", "2XXXXXXX?", "[3-6]XXXXXXXX?", "70XXXXXXXX"],
        groups: &[&[3, 4, 4], &[3, 3, 4], &[2, 4, 4], &[2, 3, 4]],
    },
    Plan {
        region: "NZ",
        code: "64",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["2XXXXXXX??", "[34679]XXXXXXX"],
        groups: &[&[3, 3, 4], &[3, 3, 3], &[2, 3, 4], &[2, 7], &[3, 7], &[3, 4, 4]],
    },
    Plan {
        region: "PH",
        code: "63",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["9XXXXXXXXX", "2XXXXXXXX", "[3-8]XXXXXXXX", "1800XXXXXXX??"],
        groups: &[&[4, 3, 4], &[4, 7], &[1, 3, 3, 4], &[2, 4, 4], &[3, 3, 4], &[3, 7]],
    },
    Plan {
        region: "IL",
        code: "972",
        trunk: "0",
        trunk_is_written: true,
        shapes: &["5XXXXXXXX", "[23489]XXXXXXX", "7[2-9]XXXXXXX"],
        groups: &[&[3, 7], &[3, 3, 4], &[2, 7], &[2, 3, 4]],
    },
];

/// The country codes that the ITU has assigned (E.164 D), for numbers of countries without a plan
/// here.
const CODES: &[(u16, u16)] = &[
    (1, 1),
    (7, 7),
    (20, 20),
    (27, 27),
    (30, 34),
    (36, 36),
    (39, 41),
    (43, 49),
    (51, 58),
    (60, 66),
    (81, 82),
    (84, 84),
    (86, 86),
    (90, 95),
    (98, 98),
    (211, 213),
    (216, 216),
    (218, 218),
    (220, 258),
    (260, 269),
    (290, 291),
    (297, 299),
    (350, 359),
    (370, 378),
    (380, 383),
    (385, 387),
    (389, 389),
    (420, 421),
    (423, 423),
    (500, 509),
    (590, 599),
    (670, 670),
    (672, 683),
    (685, 692),
    (800, 800),
    (808, 808),
    (850, 850),
    (852, 853),
    (855, 856),
    (870, 870),
    (878, 878),
    (880, 883),
    (886, 886),
    (888, 888),
    (960, 968),
    (970, 977),
    (979, 979),
    (992, 996),
    (998, 998),
];

/// Whether a number that begins with `digits` begins with an assigned country code.
pub(super) fn is_country(digits: &[u8]) -> bool {
    let prefixes = digits.iter().take(3).scan(0_u16, |prefix, digit| {
        *prefix = *prefix * 10 + u16::from(*digit);
        Some(*prefix)
    });
    let mut prefixes = prefixes;
    prefixes.any(|prefix| CODES.iter().any(|(low, high)| (*low..=*high).contains(&prefix)))
}

/// The values of the digits in `text`.
fn values(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0')
}

/// What of `digits` stands behind `prefix`.
pub(super) fn behind<'d>(digits: &'d [u8], prefix: &str) -> Option<&'d [u8]> {
    let (head, rest) = digits.split_at_checked(prefix.len())?;
    head.iter().copied().eq(values(prefix)).then_some(rest)
}

impl Plan {
    /// Whether `digits` are a national number without its trunk prefix.
    pub(super) fn has(&self, digits: &[u8]) -> bool {
        self.shapes.iter().any(|shape| fits(shape.as_bytes(), digits))
    }

    /// Whether a national number may have so many digits.
    pub(super) fn has_length(&self, length: usize) -> bool {
        self.shapes.iter().any(|shape| {
            let (least, most) = lengths(shape.as_bytes());
            (least..=most).contains(&length)
        })
    }
}

fn fits(mut shape: &[u8], digits: &[u8]) -> bool {
    let mut rest = digits.iter().copied();
    while let Some((first, behind)) = shape.split_first() {
        shape = behind;
        match first {
            b'[' => {
                let Some(close) = shape.iter().position(|byte| *byte == b']') else { return false };
                let (class, behind) = shape.split_at(close);
                shape = behind.get(1..).unwrap_or_default();
                if !rest.next().is_some_and(|digit| holds(class, digit + b'0')) {
                    return false;
                }
            }
            b'?' => {
                let most = 1 + shape.len();
                return rest.count() <= most;
            }
            b'X' => {
                if rest.next().is_none() {
                    return false;
                }
            }
            digit => {
                if rest.next() != Some(digit - b'0') {
                    return false;
                }
            }
        }
    }
    rest.next().is_none()
}

/// Whether a class such as `2-579` holds `digit`.
fn holds(class: &[u8], digit: u8) -> bool {
    match class {
        [low, b'-', high, rest @ ..] => (*low..=*high).contains(&digit) || holds(rest, digit),
        [one, rest @ ..] => *one == digit || holds(rest, digit),
        [] => false,
    }
}

/// The fewest and the most digits of a shape.
fn lengths(shape: &[u8]) -> (usize, usize) {
    let mut inside = false;
    let mut count = 0;
    let mut optional = 0;
    for byte in shape {
        match byte {
            b'[' => inside = true,
            b']' => {
                inside = false;
                count += 1;
            }
            b'?' => optional += 1,
            _ if !inside => count += 1,
            _ => {}
        }
    }
    (count, count + optional)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        values(text).collect()
    }

    #[test]
    fn shapes_have_classes_and_optional_ends() {
        assert!(fits(b"[2-57]X??", &digits("71")));
        assert!(fits(b"[2-57]X??", &digits("2123")));
        assert!(!fits(b"[2-57]X??", &digits("21234")));
        assert!(!fits(b"[2-57]X??", &digits("61")));
        assert_eq!(lengths(b"[2-57]X??"), (2, 4));
    }

    #[test]
    fn every_usual_grouping_has_a_length_that_its_plan_knows() {
        for plan in PLANS {
            for groups in plan.groups {
                let length: usize = groups.iter().sum();
                let without = length.checked_sub(plan.trunk.len());
                let fits =
                    plan.has_length(length) || without.is_some_and(|one| plan.has_length(one));
                assert!(fits, "{}: {groups:?}", plan.region);
            }
        }
    }

    #[test]
    fn regions_are_named_once() {
        for (at, plan) in PLANS.iter().enumerate() {
            assert!(PLANS[..at].iter().all(|one| one.region != plan.region), "{}", plan.region);
        }
    }

    #[test]
    fn country_codes_are_found_by_their_digits() {
        assert!(is_country(&digits("3725551234")));
        assert!(!is_country(&digits("2105551234")));
    }
}
