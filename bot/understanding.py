"""What a message says besides its subject: which side, and whether it leans on the turn before."""

import re
from collections.abc import Sequence

from indexer.glossary import words_of
from indexer.sections import Platform

LONGEST = 2000
_TOKOPEDIA = re.compile(r"\b(?:tokopedia|tokped|tokopet|toped|tkpd|tokpednya)\b", re.IGNORECASE)
_TIKTOK = re.compile(r"\b(?:tik ?tok(?: ?shop)?|tts|tiktokshop|ttshop)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
_JOINING = r"(?:oh|oke|ok|trus|terus|lalu|nah|dan|and|so|jadi|jd|then|but|tapi|tp)"
_LEANING_START = re.compile(
    rf"^(?:{_JOINING}\s+)*(?:"
    r"(?:kalau|kalo|klo|kl|kalu|untuk|utk|buat|gimana|gmn|bagaimana|what|how)\s+(?:di|yg|yang|sama|dengan|about)?"
    r"|itu|yang itu|yg|yang|and|dan|terus|trus|jadi|jd|lalu|berarti|brarti|so|then)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:itu|tsb|tersebut|tadi|barusan|ini|nya|juga|jg|it|that|this|those|them|they|also|the same|instead)\b|"
    r"\w{3,}nya\b",
    re.IGNORECASE,
)


def cleaned(text: str) -> str:
    """Return a message without control characters and marks that turn the writing direction, its spaces simplified."""
    return re.sub(r"[ \t]+", " ", _CONTROL.sub("", text)).strip()


def side_of(text: str) -> Platform | None:
    """Return the side that a message names, BOTH where it names both."""
    tokopedia, tiktok = bool(_TOKOPEDIA.search(text)), bool(_TIKTOK.search(text))
    if tokopedia and tiktok:
        return Platform.BOTH
    return Platform.TOKOPEDIA if tokopedia else Platform.TIKTOK_SHOP if tiktok else None


def leans_on_before(text: str, previous: Sequence[str]) -> bool:
    """Tell whether a message continues the one before: it begins like that, or is short and points back."""
    if not previous:
        return False
    words = words_of(text)
    if _LEANING_START.match(text.strip()) and len(words) <= 9:
        return True
    return len(words) <= 3 or (len(words) <= 7 and bool(_POINTING.search(text)))
