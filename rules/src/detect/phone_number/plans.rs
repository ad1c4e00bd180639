//! National numbering plans, as far as they are needed to tell a telephone number from another.
//!
//! Written from the plans that countries publish to the ITU (E.164, national numbering plans):
//! which digits a national number may begin with, how many it has, and how it is usually grouped. The
//! telephone number library takes every number that a plan has: a test asks it.

use super::candidate::MOST_DIGITS;

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
    /// Shapes of national numbers, without the trunk prefix.
    pub(super) shapes: &'static [Shape],
    /// How national numbers are usually grouped, with the trunk prefix where it is written.
    pub(super) groups: &'static [&'static [usize]],
}

/// Numbers of some length that begin with some digits.
pub(super) struct Shape {
    /// A bit for each digit that may stand at the first places.
    first: [u16; FIRST],
    least: usize,
    most: usize,
}

/// Behind so many places a shape allows any digit.
const FIRST: usize = 4;
const ANY: u16 = 0b11_1111_1111;

/// The shape that is written so: `X` is any digit, `[2-9]` some, `?` one that may be missing.
const fn shape(written: &str) -> Shape {
    let mut shape = Shape { first: [ANY; FIRST], least: 0, most: 0 };
    let mut rest = written.as_bytes();
    while let [sign, behind @ ..] = rest {
        rest = behind;
        let digits = match *sign {
            b'[' => {
                let digits;
                (digits, rest) = class(rest);
                digits
            }
            b'?' => {
                shape.most += 1;
                continue;
            }
            b'X' => ANY,
            digit => 1 << (digit - b'0'),
        };
        assert!(digits == ANY || shape.least < FIRST, "some digits only, too far behind");
        if shape.least < FIRST {
            #[expect(clippy::indexing_slicing, reason = "it was asked for right above")]
            {
                shape.first[shape.least] = digits;
            }
        }
        shape.least += 1;
        shape.most += 1;
    }
    shape
}

/// A bit for each digit of a class such as `2-579]`, and what is written behind it.
const fn class(mut written: &[u8]) -> (u16, &[u8]) {
    let mut digits = 0;
    loop {
        match written {
            [b']', rest @ ..] => return (digits, rest),
            [low, b'-', high, rest @ ..] => {
                digits |= (2 << (*high - b'0')) - (1 << (*low - b'0'));
                written = rest;
            }
            [one, rest @ ..] => {
                digits |= 1 << (*one - b'0');
                written = rest;
            }
            #[expect(clippy::panic, reason = "it is read while compiling")]
            [] => panic!("a class has an end"),
        }
    }
}

const NORTH_AMERICA: &[Shape] = &[shape("[2-9][0-8]X[2-9]XXXXXX")];

/// The plans, in the order they are tried.
pub(super) const PLANS: &[Plan] = &[
    Plan {
        region: "US",
        code: "1",
        trunk: "1",
        trunk_is_written: false,
        shapes: NORTH_AMERICA,
        groups: &[&[3, 3, 4], &[1, 3, 3, 4], &[3, 7]],
    },
    Plan {
        region: "CA",
        code: "1",
        trunk: "1",
        trunk_is_written: false,
        shapes: NORTH_AMERICA,
        groups: &[&[3, 3, 4], &[1, 3, 3, 4], &[3, 7]],
    },
    Plan {
        region: "GB",
        code: "44",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[
            shape("1XXXXXXXX?"),
            shape("2XXXXXXXXX"),
            shape("3XXXXXXXXX"),
            shape("5[56]XXXXXXXX"),
            shape("7XXXXXXXXX"),
            shape("8XXXXXXXX?"),
            shape("9XXXXXXXXX"),
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
        shapes: &[
            shape("1[567]XXXXXXXX?"),
            shape("[2-9]XXXXXX????"),
            shape("180XXXX????"),
            shape("800XXXXXXX???"),
        ],
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
            &[3, 3, 3, 2],
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
        shapes: &[shape("[1-9]XXXXXXXX")],
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
        shapes: &[shape("[6789]XXXXXXXX")],
        groups: &[&[3, 3, 3], &[3, 2, 2, 2], &[2, 3, 2, 2]],
    },
    Plan {
        region: "IT",
        code: "39",
        trunk: "",
        trunk_is_written: false,
        shapes: &[
            shape("0[1-9]XXXXX????"),
            shape("3XXXXXXXX?"),
            shape("8XXXXX"),
            shape("8XXXXXXX??"),
        ],
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
        shapes: &[shape("[1-9]XXXXXXXX"), shape("[89]00XXXX")],
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
        shapes: &[shape("[6-9]XXXXXXXXX"), shape("[1-5]XXXXXXXXX")],
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
        shapes: &[
            shape("[1-9][1-9]9XXXXXXXX"),
            shape("[1-9][1-9][2-5]XXXXXXX"),
            shape("800XXXXXX?"),
        ],
        groups: &[&[2, 5, 4], &[2, 4, 4], &[3, 5, 4], &[3, 4, 4], &[2, 1, 4, 4]],
    },
    Plan {
        region: "MX",
        code: "52",
        trunk: "",
        trunk_is_written: false,
        shapes: &[shape("[2-9]XXXXXXXXX")],
        groups: &[&[2, 4, 4], &[3, 3, 4], &[3, 3, 2, 2], &[2, 2, 2, 2, 2]],
    },
    Plan {
        region: "AU",
        code: "61",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[
            shape("[2378]XXXXXXXX"),
            shape("4XXXXXXXX"),
            shape("5XXXXXXXX"),
            shape("1[38]00XXXXXX"),
        ],
        groups: &[&[2, 4, 4], &[4, 3, 3], &[2, 8], &[4, 6]],
    },
    Plan {
        region: "JP",
        code: "81",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("[5789]0XXXXXXXX"), shape("[1-9]XXXXXXXX")],
        groups: &[&[3, 4, 4], &[2, 4, 4], &[3, 3, 4], &[4, 2, 4], &[4, 3, 3], &[5, 1, 4]],
    },
    Plan {
        region: "ZA",
        code: "27",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("[1-8]XXXXXXXX")],
        groups: &[&[3, 3, 4], &[3, 7]],
    },
    Plan {
        region: "AT",
        code: "43",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("6XXXXXXXX????"), shape("[1-57]XXXXX??????")],
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
            &[5, 8],
            &[4, 2, 2, 2],
            // With an extension, which is dialled right behind the number.
            &[4, 5, 3],
            &[5, 5, 3],
        ],
    },
    Plan {
        region: "CH",
        code: "41",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("[2-9]XXXXXXXX")],
        groups: &[&[3, 3, 2, 2], &[3, 3, 4], &[3, 7], &[4, 3, 3]],
    },
    Plan {
        region: "BE",
        code: "32",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("4XXXXXXXX"), shape("[1-35-9]XXXXXXX")],
        groups: &[&[4, 2, 2, 2], &[3, 2, 2, 2], &[2, 3, 2, 2], &[4, 3, 3], &[4, 6]],
    },
    Plan {
        region: "SE",
        code: "46",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("[1-9]XXXXXX??")],
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
        shapes: &[shape("[2-9]XXXXXXX")],
        groups: &[&[2, 2, 2, 2], &[3, 2, 3]],
    },
    Plan {
        region: "DK",
        code: "45",
        trunk: "",
        trunk_is_written: false,
        shapes: &[shape("[2-9]XXXXXXX")],
        groups: &[&[2, 2, 2, 2], &[4, 4]],
    },
    Plan {
        region: "FI",
        code: "358",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("[45]XXXXXX????"), shape("[1-36-9]XXXX??????")],
        groups: &[&[3, 7], &[3, 3, 4], &[3, 4, 3], &[3, 3, 3], &[2, 7], &[2, 3, 4], &[2, 3, 2, 2]],
    },
    Plan {
        region: "PL",
        code: "48",
        trunk: "",
        trunk_is_written: false,
        shapes: &[shape("[1-9]XXXXXXXX")],
        groups: &[&[3, 3, 3], &[2, 3, 2, 2]],
    },
    Plan {
        region: "PT",
        code: "351",
        trunk: "",
        trunk_is_written: false,
        shapes: &[shape("[2389]XXXXXXXX")],
        groups: &[&[3, 3, 3], &[2, 3, 4], &[2, 3, 2, 2]],
    },
    Plan {
        region: "IE",
        code: "353",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("8XXXXXXXX"), shape("[1-79]XXXXXX??")],
        groups: &[&[3, 3, 4], &[3, 7], &[2, 3, 4], &[2, 7]],
    },
    Plan {
        region: "CZ",
        code: "420",
        trunk: "",
        trunk_is_written: false,
        shapes: &[shape("[2-79]XXXXXXXX")],
        groups: &[&[3, 3, 3]],
    },
    Plan {
        region: "GR",
        code: "30",
        trunk: "",
        trunk_is_written: false,
        shapes: &[shape("[26]XXXXXXXXX")],
        groups: &[&[3, 3, 4], &[3, 7], &[4, 6], &[2, 4, 4], &[3, 4, 3]],
    },
    Plan {
        region: "HU",
        code: "36",
        trunk: "06",
        trunk_is_written: true,
        shapes: &[shape("[1-9]XXXXXXX?")],
        groups: &[&[2, 2, 3, 4], &[2, 2, 3, 3], &[2, 1, 3, 4]],
    },
    Plan {
        region: "TR",
        code: "90",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("[2-5]XXXXXXXXX")],
        groups: &[&[4, 3, 2, 2], &[4, 3, 4], &[1, 3, 3, 2, 2], &[1, 3, 3, 4], &[4, 7]],
    },
    Plan {
        region: "RU",
        code: "7",
        trunk: "8",
        trunk_is_written: true,
        shapes: &[shape("[34789]XXXXXXXXX")],
        groups: &[&[1, 3, 3, 2, 2], &[1, 3, 3, 4], &[1, 3, 7]],
    },
    Plan {
        region: "CN",
        code: "86",
        trunk: "0",
        trunk_is_written: false,
        shapes: &[
            shape("1[3-9]XXXXXXXXX"),
            shape("10XXXXXXXX"),
            shape("2[0-9]XXXXXXXX"),
            shape("[3-9]XXXXXXXXX?"),
        ],
        groups: &[&[3, 4, 4], &[3, 3, 5], &[4, 4, 4], &[4, 3, 4]],
    },
    Plan {
        region: "KR",
        code: "82",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[
            shape("1[016-9]XXXXXXX?"),
            shape("2XXXXXXX?"),
            shape("[3-6]XXXXXXXX?"),
            shape("70XXXXXXXX"),
        ],
        groups: &[&[3, 4, 4], &[3, 3, 4], &[2, 4, 4], &[2, 3, 4]],
    },
    Plan {
        region: "NZ",
        code: "64",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("2XXXXXXX??"), shape("[34679]XXXXXXX")],
        groups: &[&[3, 3, 4], &[3, 3, 3], &[2, 3, 4], &[2, 7], &[3, 7], &[3, 4, 4]],
    },
    Plan {
        region: "PH",
        code: "63",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[
            shape("9XXXXXXXXX"),
            shape("2XXXXXXXX"),
            shape("[3-8]XXXXXXXX"),
            shape("1800XXXXXXX??"),
        ],
        groups: &[&[4, 3, 4], &[4, 7], &[1, 3, 3, 4], &[2, 4, 4], &[3, 3, 4], &[3, 7]],
    },
    Plan {
        region: "IL",
        code: "972",
        trunk: "0",
        trunk_is_written: true,
        shapes: &[shape("5XXXXXXXX"), shape("[23489]XXXXXXX"), shape("7[2-9]XXXXXXX")],
        groups: &[&[3, 7], &[3, 3, 4], &[2, 7], &[2, 3, 4]],
    },
];

/// Some of the plans: a bit for each, by its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Plans(u64);

const _: () = assert!(PLANS.len() <= 64, "there is a bit for each plan");

impl Plans {
    /// None of them.
    pub(super) const NONE: Self = Self(0);
    /// All of them.
    pub(super) const ALL: Self = Self(u64::MAX >> (64 - PLANS.len()));

    /// With the plan of this region; `None` where none is known.
    pub(super) fn and(self, region: &str) -> Option<Self> {
        let place = PLANS.iter().position(|plan| plan.region.eq_ignore_ascii_case(region))?;
        Some(Self(self.0 | 1 << place))
    }

    /// Whether one of them is behind this country code.
    pub(super) fn has_code(self, code: &str) -> bool {
        let mut plans = PLANS.iter().enumerate();
        plans.any(|(place, plan)| plan.code == code && self.0 >> place & 1 == 1)
    }

    /// Those of them that may have a number that is dialled so in its country, by how it begins and
    /// how long it is.
    pub(super) fn may_have(self, digits: &[u8]) -> impl Iterator<Item = &'static Plan> {
        let first = digits.first().map_or(0, |digit| usize::from(*digit));
        let start = STARTS.get(digits.len()).and_then(|starts| starts.get(first));
        let mut rest = self.0 & start.copied().unwrap_or(0);
        std::iter::from_fn(move || {
            let place = usize::try_from(rest.trailing_zeros()).ok()?;
            let plan = PLANS.get(place)?;
            rest &= rest - 1;
            Some(plan)
        })
    }
}

/// The plans that have numbers so long that begin with this digit, with or without the trunk
/// prefix.
static STARTS: [[u64; 10]; MOST_DIGITS + 1] = {
    let mut starts = [[0; 10]; MOST_DIGITS + 1];
    let mut length = 0;
    while length <= MOST_DIGITS {
        let mut digit = 0;
        while digit < 10 {
            let mut place = 0;
            while place < PLANS.len() {
                #[expect(clippy::indexing_slicing, reason = "all are counted up to their number")]
                if PLANS[place].may_have(length, digit) {
                    starts[length][digit] |= 1 << place;
                }
                place += 1;
            }
            digit += 1;
        }
        length += 1;
    }
    starts
};

/// The values of the digits in `text`.
fn values(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0')
}

/// What of `digits` stands behind `prefix`.
#[inline(never)]
pub(super) fn behind<'d>(digits: &'d [u8], prefix: &str) -> Option<&'d [u8]> {
    let (head, rest) = digits.split_at_checked(prefix.len())?;
    head.iter().copied().eq(values(prefix)).then_some(rest)
}

impl Plan {
    /// Whether one so long that begins with this digit may be a national number of it.
    const fn may_have(&self, length: usize, digit: usize) -> bool {
        if let [first, ..] = self.trunk.as_bytes()
            && 1_u16 << (*first - b'0') >> digit == 1
            && length >= self.trunk.len()
            && self.has_length(length - self.trunk.len())
        {
            return true;
        }
        let mut rest = self.shapes;
        while let [shape, behind @ ..] = rest {
            let [first, ..] = shape.first;
            if shape.has_length(length) && first >> digit & 1 == 1 {
                return true;
            }
            rest = behind;
        }
        false
    }

    /// Whether `digits` are a national number without its trunk prefix.
    #[inline(never)]
    pub(super) fn has(&self, digits: &[u8]) -> bool {
        self.shapes.iter().any(|shape| shape.fits(digits))
    }

    /// Whether a number behind the country's code is grouped as usual there, and as hardly anything
    /// else is: not in threes, and as long as most.
    pub(super) fn is_usual_abroad(&self, sizes: &[usize]) -> bool {
        /// The fewest digits, with those of the code.
        const LEAST: usize = 11;
        let [first, rest @ ..] = sizes else { return false };
        let first = first + if self.trunk_is_written { self.trunk.len() } else { 0 };
        let is = |groups: &&[usize]| matches!(groups, [area, behind @ ..] if *area == first && behind == rest);
        let length = sizes.iter().sum::<usize>() + self.code.len();
        let longest = sizes.iter().max().copied();
        length >= LEAST
            && longest > Some(3)
            && !matches!(sizes, [4, 4])
            && self.groups.iter().any(is)
    }

    /// Whether a national number may have so many digits.
    const fn has_length(&self, length: usize) -> bool {
        let mut rest = self.shapes;
        while let [shape, behind @ ..] = rest {
            if shape.has_length(length) {
                return true;
            }
            rest = behind;
        }
        false
    }
}

impl Shape {
    const fn has_length(&self, length: usize) -> bool {
        self.least <= length && length <= self.most
    }

    fn fits(&self, digits: &[u8]) -> bool {
        self.has_length(digits.len())
            && self.first.iter().zip(digits).all(|(allowed, digit)| allowed >> digit & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::codes;
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        values(text).collect()
    }

    #[test]
    fn shapes_have_classes_and_optional_ends() {
        const SOME: Shape = shape("[2-57]X??");
        assert_eq!((SOME.least, SOME.most), (2, 4));
        for (text, fits) in [
            ("71", true),
            ("2123", true),
            ("5", false),
            ("21234", false),
            ("61", false),
            ("81", false),
        ] {
            assert_eq!(SOME.fits(&digits(text)), fits, "{text}");
        }
        assert!(shape("1[38]00XXXXXX").fits(&digits("1800123456")));
        assert!(!shape("1[38]00XXXXXX").fits(&digits("1810123456")));
    }

    #[test]
    fn plans_are_told_by_how_a_number_begins() {
        let regions = |text: &str| -> Vec<&str> {
            Plans::ALL.may_have(&digits(text)).map(|plan| plan.region).collect()
        };
        assert!(regions("4155550132").contains(&"US"));
        assert!(!regions("415555013").contains(&"US"));
        assert!(regions("02079460958").contains(&"GB"));
        assert!(!regions("2079460958").is_empty());
        assert!(regions("").is_empty() && regions("1234567890123456").is_empty());
        let some = Plans::NONE.and("gb").and_then(|plans| plans.and("US")).unwrap();
        let found: Vec<&str> =
            some.may_have(&digits("14155550132")).map(|one| one.region).collect();
        assert_eq!(found, ["US"]);
        assert!(Plans::ALL.and("XX").is_none());
    }

    /// Any number of any plan, without its trunk prefix, behind the plan's place.
    fn numbers() -> impl Strategy<Value = (usize, Vec<u8>)> {
        let plans = PLANS.iter().enumerate();
        let shapes: Vec<(usize, usize)> = plans
            .flat_map(|(place, plan)| (0..plan.shapes.len()).map(move |shape| (place, shape)))
            .collect();
        prop::sample::select(shapes).prop_flat_map(|(place, shape)| {
            let Shape { first, least, most } = &PLANS[place].shapes[shape];
            let digits = move |at: usize| {
                let allowed = first.get(at).copied().unwrap_or(ANY);
                let digits = (0..10).filter(|digit| allowed >> digit & 1 == 1);
                prop::sample::select(digits.collect::<Vec<u8>>())
            };
            let number = (*least..=*most)
                .prop_flat_map(move |length| (0..length).map(digits).collect::<Vec<_>>());
            (Just(place), number)
        })
    }

    proptest! {
        #[test]
        fn no_plan_is_passed_over(text in "[0-9]{7,15}") {
            let digits = digits(&text);
            for plan in PLANS {
                let has = plan.has(&digits)
                    || behind(&digits, plan.trunk).is_some_and(|number| plan.has(number));
                let told = Plans::ALL.may_have(&digits).any(|one| one.region == plan.region);
                prop_assert!(!has || told, "{}", plan.region);
            }
        }

        /// So what is found by a plan need not be asked of the library again. Behind 1 it asks for
        /// an area code, too.
        #[test]
        fn the_library_takes_every_number_of_a_plan((place, number) in numbers()) {
            let plan = &PLANS[place];
            prop_assert!(plan.has(&number));
            let digits: Vec<u8> = values(plan.code).chain(number).collect();
            prop_assert_eq!(codes::is_valid(&digits), Some(true), "{}", plan.region);
            let text: String = digits.iter().map(u8::to_string).collect();
            let library = phonelib::is_valid_phone_number(&format!("+{text}"));
            prop_assert!(library || plan.code == "1", "{} {}", plan.region, text);
        }
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
}
