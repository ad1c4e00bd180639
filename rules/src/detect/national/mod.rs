//! National identifiers, by country.

pub(super) mod africa;
pub(super) mod americas;
pub(super) mod asia;
pub(super) mod australia;
pub(super) mod britain;
pub(super) mod canada;
pub(super) mod france;
pub(super) mod germany;
pub(super) mod iberia;
pub(super) mod india;
pub(super) mod italy;
pub(super) mod low_countries;
pub(super) mod near_east;
pub(super) mod nordic;
pub(super) mod poland;
pub(super) mod united_states;

#[cfg(test)]
mod tests {
    use crate::detect::tests::{found, grows_linearly};

    /// Each detector with what it must not find and what it must, near a word that goes with it.
    const CASES: &[(&str, &str, &[&str], &[&str])] = &[
        (
            "us-ssn",
            "SSN",
            &[
                "000-12-3456",
                "666-12-3456",
                "900-12-3456",
                "536-00-4399",
                "536-90-0000",
                "078-05-1120",
                "536-90.4399",
                "5369043991",
            ],
            &["536-90-4399", "536 90 4399", "536904399", "856-45-6789"],
        ),
        (
            "us-itin",
            "ITIN",
            &["912-40-1234", "812-70-1234", "912-93-1234"],
            &["912-70-1234", "999881234"],
        ),
        (
            "us-npi",
            "NPI",
            &["1234567890", "3234567893", "12345678934"],
            &["1234567893", "1245319599"],
        ),
        ("us-passport", "passport", &["AB2803456", "A1280345"], &["A12803456", "912803456"]),
        (
            "us-driver-license",
            "driver's license",
            &["12", "1111111", "A-123-456-789-01", "ABCDEFGH456DG"],
            &[
                "H12234567",
                "F162823540116",
                "6940579",
                "S530-4607-2385",
                "AB123456",
                "12-345-6789",
                "A12-345-678",
                "A-123-456-789-012",
                "A 123 456 789 012",
                "A123456789",
                "123456789A",
                "1234567A",
                "123-45-6789",
                "123AB4567",
                "NHL12345678",
                "WDLABCD456DG",
                "ABC-12-3456",
            ],
        ),
        (
            "gb-nino",
            "NI number",
            &["GB123456C", "DA123456A", "AB123456E", "AO123456A"],
            &["AB123456C", "hh 01 02 03 d"],
        ),
        ("gb-nhs", "NHS", &["943 476 5918", "1111111111"], &["943 476 5919", "9434765919"]),
        ("gb-passport", "passport", &["A12345678", "AB12345678"], &["AB1234567", "123456789"]),
        ("ie-pps", "PPS", &["1234567W", "1234567FB"], &["1234567T", "1234567FA"]),
        (
            "ca-sin",
            "SIN",
            &["130692545", "046 454 286", "830692543"],
            &["130 692 544", "130692544"],
        ),
        ("au-tfn", "TFN", &["123 456 783"], &["123 456 782"]),
        (
            "au-abn",
            "ABN",
            &["52 824 753 556", "51 824 753 5564"],
            &["51 824 753 556", "51824753556"],
        ),
        ("au-acn", "ACN", &["004 085 617"], &["004 085 616", "000000019"]),
        (
            "au-medicare",
            "Medicare",
            &["2123 25870 1", "1123 45670 1"],
            &["2123 45670 1", "2123 45670 1 2"],
        ),
        (
            "in-aadhaar",
            "Aadhaar",
            &["1234 5678 9012", "3123 4567 8908"],
            &["3123 4567 8909", "3123:4567:8909", "399876543211"],
        ),
        ("in-pan", "PAN", &["ABCD1234", "ABCDE12345"], &["ABCPE1234F"]),
        (
            "in-passport",
            "passport",
            &["T356907", "Q3569075", "J0932157"],
            &["T3569075", "T 3569075"],
        ),
        (
            "in-gstin",
            "GSTIN",
            &["27ABCDE1234F1Z", "45ABCDE1234F1Z5", "27ABCDE1234F1Y5"],
            &["27ABCDE1234F1Z5", "29AAGCB7383J1Z4"],
        ),
        ("sg-nric", "NRIC", &["A1234567D", "S123456D"], &["S1234567D", "M4332674T"]),
        (
            "es-nif",
            "DNI",
            &["12345678A", "X12345678Z", "19.100019Z"],
            &["12345678Z", "12.345.678-Z", "55555555-K", "1111111-G"],
        ),
        ("es-nie", "NIE", &["X9613851A", "Y806391Q"], &["X9613851N", "Y8063915-Z"]),
        (
            "pt-nif",
            "NIF",
            &["123456788", "400000000", "FR123456789"],
            &["123456789", "PT938183370"],
        ),
        (
            "it-fiscal-code",
            "codice fiscale",
            &["RSSMRA85F10A562S", "RSSMRA85T99A562S"],
            &["RSSMRA85T10A562S", "rssmra85t10a562s"],
        ),
        (
            "it-vat",
            "partita IVA",
            &["00743110158", "00000000000"],
            &["00743110157", "IT00743110157"],
        ),
        (
            "fr-nir",
            "INSEE",
            &["255081416802539", "255131416802538"],
            &[
                "2 55 08 14 168 025 38",
                "255081416802538",
                "1 62 08 2A 443 880 / 11",
                "1 62 08 2A 443 880 clé 11",
                "162082A443880 clé : 11",
            ],
        ),
        (
            "de-tax-id",
            "Steuer-ID",
            &["86095742718", "12345678901", "11112345678"],
            &["86095742719", "86 095 742 719"],
        ),
        ("de-passport", "Reisepass", &["AEIOU1234", "C0123456"], &["C01X00T47", "C01X00T478"]),
        ("nl-bsn", "BSN", &["111222334", "000000000"], &["111222333"]),
        (
            "be-national-number",
            "rijksregisternummer",
            &["85.07.30-033.29", "85.13.30-033.28"],
            &["85.07.30-033.28", "85.07.30 - 033.28", "85073003328"],
        ),
        (
            "pl-pesel",
            "PESEL",
            &["44051401459", "11110021111", "99022912347"],
            &["44051401458", "96022912346"],
        ),
        (
            "se-personal-number",
            "personnummer",
            &["811218-9877", "811318-9876", "19001309-2393", "990229-1237"],
            &[
                "811218-9876",
                "19811218-9876",
                "8112189876",
                "811218+9876",
                "811218 9876",
                "19811218 9876",
            ],
        ),
        (
            "fi-hetu",
            "hetu",
            &["131052-308A", "131052/308T", "131052 308T", "012245A110G", "290299-123U"],
            &["131052-308T", "010594Y9032", "290296-1232"],
        ),
        (
            "no-national-id",
            "fødselsnummer",
            &["01010750161", "32010750160"],
            &["01010750160", "01 01 07 50160"],
        ),
        ("dk-cpr", "CPR", &["320190-1234", "011390-1234"], &["070761-4285", "0707614285"]),
        (
            "br-cpf",
            "CPF",
            &["529.982.247-26", "111.111.111-11"],
            &["529.982.247-25", "52998224725"],
        ),
        (
            "br-cnpj",
            "CNPJ",
            &["11.222.333/0001-82", "00000000000000"],
            &["11.222.333/0001-81", "11222333000181", "12.ABC.345/01DE-35"],
        ),
        ("mx-curp", "CURP", &["HEGG560427MVZRRL05", "HEGG561327MVZRRL04"], &["HEGG560427MVZRRL04"]),
        (
            "cl-rut",
            "RUT",
            &["12.345.678-4", "11.111.111-2"],
            &["12.345.678-5", "12345678-5", "10.000.013-K"],
        ),
        (
            "ar-cuit",
            "CUIT",
            &["20-12345678-5", "21-12345678-6"],
            &["20-12345678-6", "20123456786", "20-12.345.678-6"],
        ),
        (
            "kr-rrn",
            "주민등록번호",
            &["960132-1234567", "960121-5234567"],
            &["960121-1234567", "9601211021413"],
        ),
        ("jp-my-number", "マイナンバー", &["123456789019"], &["1234 5678 9018", "123456789018"]),
        (
            "cn-resident-id",
            "身份证",
            &["110105194912310021", "11010519491331002X"],
            &["11010519491231002X", "11010519491231002x"],
        ),
        ("tw-national-id", "身分證", &["A123456788", "A323456789"], &["A123456789"]),
        (
            "th-national-id",
            "Thai ID",
            &["1234567890122", "1284567890124"],
            &["1234567890121", "1-2345-67890-12-1"],
        ),
        (
            "za-id",
            "ID number",
            &["8001015009088", "9913326789285", "9902295000085"],
            &["8001015009087", "800101 5009 08 7", "9602295000081"],
        ),
        ("tr-national-id", "TC kimlik", &["10000000145", "02531814694"], &["10000000146"]),
        ("il-id", "Teudat Zehut", &["123456783", "000000000"], &["123456782", "12345678-2"]),
    ];

    #[test]
    fn near_misses_stay_and_numbers_are_found() {
        let mut wrong = Vec::new();
        for (detector, word, misses, hits) in CASES {
            for miss in *misses {
                if !found(detector, "{}", &format!("{word} {miss}")).is_empty() {
                    wrong.push(format!("{detector} finds {miss}"));
                }
            }
            for hit in *hits {
                if found(detector, "{}", &format!("{word}: {hit}, thanks")) != [*hit] {
                    wrong.push(format!("{detector} misses {hit}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn what_labels_and_masks_leave_is_not_found() {
        for (detector, word, _, _) in CASES {
            let label = crate::detect::find(detector).unwrap().label;
            for left in
                [format!("[{label}]"), format!("[{label}:ab12cd34ef56]"), "***-**-4399".to_owned()]
            {
                let text = format!("{word} {left}");
                assert!(found(detector, "{}", &text).is_empty(), "{detector}: {text}");
            }
        }
    }

    #[test]
    fn letters_of_scripts_without_spaces_do_not_touch() {
        assert!(found("cn-resident-id", "{}", "身份证ж11010519491231002X").is_empty());
        for (detector, text, number) in [
            ("cn-resident-id", "身份证号11010519491231002X。", "11010519491231002X"),
            ("jp-my-number", "マイナンバーは123456789018です", "123456789018"),
            ("kr-rrn", "주민등록번호는 960121-1234567입니다", "960121-1234567"),
        ] {
            assert_eq!(found(detector, "{}", text), [number], "{text}");
        }
    }

    #[test]
    fn keeps_the_groups_of_longer_codes() {
        for (detector, text) in [
            ("jp-my-number", "8b3d5c96-8724-5855-2999-c3e172a8d86a"),
            ("vin", "ami-3ac8310e4db1f7132"),
            ("vin", "vehicle stack_3ac8310e4db1f7132"),
            ("vin", "vehicle 0x3FF000000000000"),
            ("jp-my-number", "we got 1234 5678 9018 there"),
            ("in-aadhaar", "we got 3123 4567 8909 there"),
        ] {
            assert!(found(detector, "{}", text).is_empty(), "{text}");
        }
        assert_eq!(found("jp-my-number", "{}", "1234 5678 9018"), ["1234 5678 9018"]);
        assert_eq!(found("in-aadhaar", "{}", "3123 4567 8909."), ["3123 4567 8909"]);
        assert_eq!(found("vin", "{}", "VIN-1HGCM82633A004352"), ["1HGCM82633A004352"]);
    }

    #[test]
    fn values_of_a_list_are_no_part_of_a_number() {
        for (detector, text) in [
            ("us-ssn", "SSN 1,536,904,399"),
            ("us-ssn", "SSN 12/536/904399"),
            ("us-ssn", "SSN was 536904399,50 once"),
            ("us-ssn", "SSN 0.536904399"),
            ("us-ssn", "SSN, hash 536904399-ab12"),
            ("gb-nhs", "NHS, then 9434765919-4"),
            ("gb-nhs", "the NHS, so they said: 943 476 5919 123"),
        ] {
            assert_eq!(found(detector, "{}", text), [""; 0], "{text}");
        }
        for (detector, text, number) in [
            ("us-ssn", "17,536-90-4399,250", "536-90-4399"),
            ("us-ssn", "ssn,17,536904399,1985-03-12,Austin", "536904399"),
            ("us-ssn", "SSN 536904399,29,Austin", "536904399"),
            ("br-cpf", "CPF 529.982.247-25,1985", "529.982.247-25"),
            ("gb-nhs", "17,943 476 5919,NHS", "943 476 5919"),
            ("gb-nhs", "NHS number 943 476 5919 14:30", "943 476 5919"),
            ("gb-nhs", "NHS number: 943 476 5919 100", "943 476 5919"),
            ("gb-nino", "NI number AB 12 34 56 C 12/05/2023", "AB 12 34 56 C"),
            ("es-nif", "DNI 12345678 Z 2 personas", "12345678 Z"),
            ("in-aadhaar", "Aadhaar 3123 4567 8909 2nd copy", "3123 4567 8909"),
            ("au-medicare", "Medicare 2123 45670 1/2", "2123 45670 1"),
        ] {
            assert_eq!(found(detector, "{}", text), [number], "{text}");
        }
        assert_eq!(found("us-ssn", "{}", "SSN: 536904399/536904398").len(), 2);
        assert_eq!(found("us-ssn", "{}", "SSN: 536904399,536904398").len(), 2);
    }

    #[test]
    fn the_nearest_word_says_what_a_number_is() {
        for (detector, text) in [
            ("us-passport", "passport tracking number 123456789"),
            ("us-ssn", "no SSN for order 536904399"),
            ("gb-nhs", "NHS appointment ref 9434765919"),
            ("us-driver-license", "the KB5034441 driver update fails"),
            ("us-driver-license", "driver, order number B7654321"),
            ("dk-cpr", "recording 240512-1030 is up"),
        ] {
            assert_eq!(found(detector, "{}", text), [""; 0], "{text}");
        }
        for (detector, text) in [
            ("us-passport", "order form: passport number 123456789"),
            ("us-ssn", "order 536904399 (SSN)"),
            ("us-ssn", "SSN for order 536-90-4399"),
            ("dk-cpr", "CPR 240512-1030"),
        ] {
            assert_eq!(found(detector, "{}", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_space_for_the_sign_takes_a_word() {
        assert!(found("se-personal-number", "{}", "at 811218 9876 then").is_empty());
        assert!(found("es-nif", "{}", "at 1111111-G then").is_empty());
    }

    #[test]
    fn a_license_is_no_drivers_unless_it_is_called_so() {
        let licenses = |text| found("us-driver-license", "{}", text);
        for text in ["license key 12345678", "software license A1234567", "BG123456A", "QQ123456C"]
        {
            assert_eq!(licenses(text), [""; 0], "{text}");
        }
        for text in ["license: H12234567", "my license is H12234567", "DL H12234567"] {
            assert_eq!(licenses(text), ["H12234567"], "{text}");
        }
        assert_eq!(found("us-ssn", "{}", "raffle 536-22-8726 wins"), [""; 0]);
    }

    #[test]
    fn words_are_read_dotted_and_shortened() {
        for (detector, text) in [
            ("us-ssn", "SS# 536904399"),
            ("us-ssn", "SS number 536904399"),
            ("us-ssn", "my social is 536904399"),
            ("us-ssn", "mi número de seguro social es 536904399"),
            ("us-ssn", "Social: 536904399"),
            ("us-ssn", "s.s.n. 536904399"),
            ("tr-national-id", "T.C. 10000000146"),
            ("tr-national-id", "TC: 10000000146"),
            ("us-driver-license", "driver’s licence H12234567"),
            ("kr-rrn", "주민등록번호: 960121 - 1234567"),
            ("pt-nif", "NIPC 123456789"),
            ("vin", "Fahrgestellnr. WVWZZZ1JZ3W386752"),
            ("vin", "número de bastidor WVWZZZ1JZ3W386752"),
            ("vin", "WVWZZZ1JZ3W386752"),
            ("au-acn", "A.C.N. 004085616"),
            ("cl-rut", "R.U.T. 123456785"),
            ("ar-cuit", "C.U.I.T. 20123456786"),
            ("it-vat", "P.I. 00743110157"),
            ("de-tax-id", "IdNr. 86095742719"),
            ("de-tax-id", "St-IdNr. 86095742719"),
            ("de-passport", "Perso-Nr. C01X00T47"),
            ("in-aadhaar", "adhar card 312345678909"),
            ("se-personal-number", "pers.nr 8112189876"),
            ("il-id", "מספר תעודת הזהות שלי 123456782"),
        ] {
            assert_eq!(found(detector, "{}", text).len(), 1, "{detector}: {text}");
        }
        assert!(found("us-ssn", "{}", "the social team 536904399").is_empty());
    }

    #[test]
    fn every_national_identifier_has_its_cases() {
        let tested: Vec<&str> = CASES.iter().map(|(detector, ..)| *detector).collect();
        for one in crate::detect::group("national-id") {
            assert!(tested.contains(&one.name), "{}", one.name);
        }
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in [
            "1 ",
            "12-",
            "123456789 ",
            "A1234567",
            "license 1234 ",
            "131052-",
            "ssn order 536904399 ",
        ] {
            grows_linearly("national-id", part);
        }
    }
}
