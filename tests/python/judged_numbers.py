#!/usr/bin/env python3
"""Numbers that others say are valid, or are not: Google's libphonenumber for telephone numbers, and
python-stdnum for the identifiers of countries, neither of which knows of this project.

    judged_numbers.py [--seed N] [--each N]

Prints one JSON object a line: `detector`, `options`, `form`, `valid`, and `text`, a message with one
such number in it.
"""

import argparse
import datetime
import importlib
import json
import random
import string

import phonenumbers

LETTERS = string.ascii_uppercase
CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"

# The countries whose national forms must be known.
REGIONS = "US CA GB DE FR ES IT NL IN BR MX AU JP ZA".split()
# What people have at home and in their pockets.
KINDS = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
FORMS = {
    "international": phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    "e164": phonenumbers.PhoneNumberFormat.E164,
    "national": phonenumbers.PhoneNumberFormat.NATIONAL,
}


def telephone_numbers(chance, each):
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for form, number in numbers_of(chance, each, region):
            if form == "national" and region not in REGIONS:
                continue
            options = {"regions": [region]} if form == "national" else {}
            yield {
                "detector": "phone-number",
                "options": options,
                "form": form,
                "valid": True,
                "text": f"it was {number} then",
            }


def numbers_of(chance, each, region):
    """Valid numbers, like the library's examples up to the last digits, in each form."""
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
    examples = [example for example in examples if example]
    for _ in range(each if examples else 0):
        example = chance.choice(examples)
        digits = phonenumbers.national_significant_number(example)
        for _ in range(1_000):
            kept = len(digits) - chance.randint(2, 6)
            national = digits[:kept] + "".join(chance.choices(string.digits, k=len(digits) - kept))
            code = phonenumbers.country_code_for_region(region)
            try:
                number = phonenumbers.parse(f"+{code}{national}")
            except phonenumbers.NumberParseException:
                continue
            # Three island codes have numbers of four digits, which is too few to tell.
            if len(f"{code}{national}") > 7 and phonenumbers.is_valid_number_for_region(
                number, region
            ):
                for form, how in FORMS.items():
                    yield form, phonenumbers.format_number(number, how)
                break


def day(chance, form):
    born = datetime.date(1940, 1, 1) + datetime.timedelta(days=chance.randrange(24_000))
    return born.strftime(form)


# Each detector with python-stdnum's module, what the number is called, and its shape: `9` is a digit,
# `A` a letter, `{...}` what stands there, some alternatives or a date.
SHAPES = {
    "ar-cuit": ("ar.cuit", "CUIT", "{20|23|27|30}999999999"),
    "au-abn": ("au.abn", "ABN", "99999999999"),
    "au-acn": ("au.acn", "ACN", "999999999"),
    "au-tfn": ("au.tfn", "TFN", "999999999"),
    "be-national-number": ("be.nn", "rijksregisternummer", "{%y%m%d}99999"),
    "br-cnpj": ("br.cnpj", "CNPJ", "99999999000199"),
    "br-cpf": ("br.cpf", "CPF", "99999999999"),
    "ca-sin": ("ca.sin", "SIN", "{1|2|3|4|5|6|7|9}99999999"),
    "cl-rut": ("cl.rut", "RUT", "{1|2}9999999{0|1|2|3|4|5|6|7|8|9|K}"),
    "cn-resident-id": (
        "cn.ric",
        "ID card",
        "{110101|310104}{%Y%m%d}999{0|1|2|3|4|5|6|7|8|9|X}",
    ),
    "de-tax-id": ("de.idnr", "Steuer-ID", "99999999999"),
    "es-nie": ("es.nie", "NIE", "{X|Y|Z}9999999A"),
    "es-nif": ("es.dni", "DNI", "99999999A"),
    "fi-hetu": ("fi.hetu", "hetu", "{%d%m%y}-{0|1|2|3|4|5|6|7|8}99{0|5|9|A|B|C|F|H|R|X|Y}"),
    "fr-nir": ("fr.nir", "NIR", "{1|2}{%y%m}{13|33|59|75}99999999"),
    "gb-nhs": ("gb.nhs", "NHS number", "9999999999"),
    "il-id": ("il.idnr", "teudat zehut", "999999999"),
    "imei": ("imei", "IMEI", "359999999999999"),
    "in-aadhaar": ("in_.aadhaar", "aadhaar", "999999999999"),
    "it-vat": ("it.iva", "partita iva", "99999999999"),
    "mx-curp": ("mx.curp", "CURP", "C{A|E|I|O}CC{%y%m%d}{H|M}{DF|JC|NL}CCC{0|1|2|3}9"),
    "nl-bsn": ("nl.bsn", "BSN", "999999999"),
    "no-national-id": ("no.fodselsnummer", "fødselsnummer", "{%d%m%y}99999"),
    "pl-pesel": ("pl.pesel", "PESEL", "{%y%m%d}99999"),
    "pt-nif": ("pt.nif", "NIF", "{1|2}99999999"),
    "se-personal-number": ("se.personnummer", "personnummer", "{%y%m%d}-9999"),
    "th-national-id": ("th.pin", "Thai ID", "{1|3|5}{10|20|30|50|90}9999999999"),
    "tr-national-id": ("tr.tckimlik", "TC kimlik no", "{1|2|3|4|5}9999999999"),
    "us-itin": ("us.itin", "ITIN", "9{0|1|2}9-{70|75|88|90|95}-9999"),
    "us-routing-number": ("us.rtn", "routing number", "{02|07|11|12}9999999"),
    "us-ssn": ("us.ssn", "social security number", "{1|2|3|4|5}99-{10|36|52}-9999"),
    "za-id": ("za.idnr", "South African ID number", "{%y%m%d}9999089"),
}


def filled(chance, shape):
    made = ""
    while shape:
        one, shape = shape[0], shape[1:]
        if one == "{":
            inside, _, shape = shape.partition("}")
            made += day(chance, inside) if "%" in inside else chance.choice(inside.split("|"))
        elif one == "9":
            made += chance.choice(string.digits)
        elif one == "A":
            made += chance.choice(LETTERS)
        elif one == "C":
            made += chance.choice(CONSONANTS)
        else:
            made += one
    return made


def identifiers(chance, each):
    for detector, (name, called, shape) in SHAPES.items():
        module = importlib.import_module(f"stdnum.{name}")
        missing = {True: each, False: each}
        for _ in range(400 * each):
            number = filled(chance, shape)
            valid = module.is_valid(number)
            if missing[valid] == 0:
                continue
            missing[valid] -= 1
            forms = {"plain": number}
            if valid and hasattr(module, "format"):
                forms["formatted"] = module.format(number)
            for form, written in forms.items():
                yield {
                    "detector": detector,
                    "options": {},
                    "form": form,
                    "valid": valid,
                    "text": f"my {called} is {written} then",
                }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=40)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    for case in telephone_numbers(chance, arguments.each):
        print(json.dumps(case))
    for case in identifiers(chance, arguments.each):
        print(json.dumps(case))


if __name__ == "__main__":
    main()
