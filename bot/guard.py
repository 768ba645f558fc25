"""Secrets and traps in a seller's message: passwords, codes, card numbers, and links that only look official."""

import re
from dataclasses import dataclass
from enum import StrEnum

from symspellpy.editdistance import DistanceAlgorithm, EditDistance

PLACEHOLDER = "[rahasia]"


class Danger(StrEnum):
    """What is dangerous in a message."""

    CODE = "code"
    PASSWORD = "password"
    CARD = "card"
    LINK = "link"


@dataclass(frozen=True)
class Guarded:
    """What was found in a message, the worst first, and the message without its secrets. `link` is a false address."""

    dangers: tuple[Danger, ...]
    text: str
    link: str | None = None


# Addresses of the platforms themselves (registered domains), as the sources of the knowledge write them.
OFFICIAL = (
    "tokopedia.com", "tokopedia.net", "tokopedia.link", "tiktok.com", "tiktokshop.com", "tiktokglobalshop.com",
    "tiktokforbusiness.com", "bytedance.com", "goto.co", "gotocompany.com", "gojek.com",
)  # fmt: skip
_NAMES = ("tokopedia", "tiktok", "tiktokshop", "tokped", "sellertokopedia", "tokopediaseller")
_BETWEEN = r"(?:\s*(?:saya|aku|sy|gw|ku|nya|my|is|itu|adalah|ini|:|=|-))*\s*"
_CODE = re.compile(
    rf"\b(?:otp|kode\s+(?:otp|verif\w*|rahasia|sms|masuk)|verification\s+code|one[- ]time\s+(?:code|password))"
    rf"{_BETWEEN}"
    r"(?P<secret>\d(?:[ -]?\d){3,7})(?!\d)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    rf"\b(?P<what>password|passwd|pass|pw|kata\s*sandi|sandi|pin){_BETWEEN}(?P<secret>\S{{4,64}})", re.IGNORECASE
)
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_CVV = re.compile(r"\b(?:cvv|cvc)\D{0,5}(?P<secret>\d{3,4})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?(?P<host>(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10})(?:[/:?#]\S*)?", re.IGNORECASE)
_TWO_PART_ENDINGS = {"co.id", "or.id", "go.id", "web.id", "my.id", "biz.id", "ac.id", "com.co", "co.uk"}
_distance = EditDistance(DistanceAlgorithm.DAMERAU_OSA)


def guarded(text: str) -> Guarded:
    """Return the dangers in a message and the message with a placeholder for each secret."""
    dangers: list[Danger] = []
    for danger, pattern in ((Danger.CODE, _CODE), (Danger.PASSWORD, _PASSWORD), (Danger.CARD, _CVV)):
        text, found = _without(text, pattern, danger)
        dangers += found
    text, cards = _without_cards(text)
    link = next((host for host in map(_host, _ADDRESS.finditer(text)) if _only_looks_official(host)), None)
    every = [*dangers, *cards, *([Danger.LINK] if link else [])]
    return Guarded(tuple(dict.fromkeys(every)), text, link)


def _without(text: str, pattern: re.Pattern[str], danger: Danger) -> tuple[str, list[Danger]]:
    found = []

    def hide(match: re.Match[str]) -> str:
        if danger is Danger.PASSWORD and not _is_secret(match["what"].lower(), match["secret"]):
            return match[0]
        found.append(danger)
        start = match.start("secret") - match.start()
        return f"{match[0][:start]}{PLACEHOLDER}"

    return pattern.sub(hide, text), found


def _is_secret(what: str, word: str) -> bool:
    """Tell a password from the next word of a sentence: "pin 482913" holds one, "pin lokasi" none."""
    word = word.strip(".,;!?")
    if what == "pin":
        return bool(re.fullmatch(r"\d{4,8}", word))
    mixed = any(c.isdigit() for c in word) and (any(c.isalpha() for c in word) or len(word) >= 4)
    return mixed or any(c in "!@#$%^&*" for c in word)


def _without_cards(text: str) -> tuple[str, list[Danger]]:
    found = []

    def hide(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        if not _is_card(digits):
            return match[0]
        found.append(Danger.CARD)
        return PLACEHOLDER

    return _CARD.sub(hide, text), found


def _is_card(digits: str) -> bool:
    """Tell a payment card's number by its first digits and its check digit (ISO/IEC 7812-1, Luhn)."""
    if not re.match(r"4|5[1-5]|2[2-7]|3[47]|35|6", digits) or not 13 <= len(digits) <= 19:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _host(match: re.Match[str]) -> str:
    return match["host"].lower()


def _only_looks_official(host: str) -> bool:
    """Tell an address that names a platform, or nearly, and is not the platform's own."""
    parts = host.split(".")
    ending = 2 if ".".join(parts[-2:]) in _TWO_PART_ENDINGS else 1
    if len(parts) <= ending or ".".join(parts[-ending - 1 :]) in OFFICIAL:
        return False
    words = {word for part in parts[:-ending] for word in (part, *part.split("-"))}
    return any(_resembles(word, name) for word in words for name in _NAMES)


def _resembles(word: str, name: str) -> bool:
    plain = word.translate(str.maketrans("013", "oie"))
    if name in plain.replace("-", ""):
        return True
    return len(word) > 4 and 0 <= _distance.compare(plain, name, 1 if len(name) < 8 else 2) <= 2
