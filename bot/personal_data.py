"""Kinds of personal data, and what can be told from the digits alone."""

import re
from dataclasses import dataclass
from enum import StrEnum

# Provinces as in the first two digits of a NIK (Ministry of Home Affairs), the new ones of Papua included.
_PROVINCE = re.compile(r"1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7]")
_MOBILE = re.compile(r"(?:0|62|0062|620)8[1-35-9]\d{7,10}")
_CARD = re.compile(r"4\d{12}|4\d{15}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|35\d{14}|6(?:011|5\d\d)\d{12}|62\d{14,17}")
_TIMESTAMP = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")


class Kind(StrEnum):
    """What is masked; the value stands in the placeholder. `NUMBER` is a long number of unknown purpose."""

    PHONE = "phone"
    EMAIL = "email"
    NIK = "nik"
    NPWP = "npwp"
    ACCOUNT = "account"
    ORDER = "order"
    RECEIPT = "receipt"
    CARD = "card"
    NUMBER = "number"


@dataclass(frozen=True, order=True)
class Span:
    """A place in a text, and the personal data that stands there."""

    start: int
    end: int
    kind: Kind


def is_mobile(digits: str) -> bool:
    """Tell an Indonesian mobile number, with the leading 0 or the country code."""
    return bool(_MOBILE.fullmatch(digits))


def is_nik(digits: str) -> bool:
    """Tell a plausible NIK: province, regency, district, date of birth (day + 40 for women), serial number."""
    if len(digits) != 16 or not _PROVINCE.match(digits):
        return False
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    born = 1 <= day <= 31 and int(digits[6:8]) <= 71 and 1 <= month <= 12
    return born and "00" not in (digits[2:4], digits[4:6]) and digits[12:] != "0000"


def is_card(digits: str) -> bool:
    """Tell a payment card number: an issuer's prefix and length, and a right check digit."""
    return bool(_CARD.fullmatch(digits)) and _luhn(digits)


def is_timestamp(digits: str) -> bool:
    """Tell a date and time written as 12 or 14 digits."""
    return bool(_TIMESTAMP.fullmatch(digits))


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
