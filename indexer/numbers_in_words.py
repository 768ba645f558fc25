"""Numbers as sellers write them, in figures: `lima ratus juta` is `500 juta`, `50rb` is `50 rb`."""

import re
from collections.abc import Sequence

from indexer.figures import MULTIPLIERS

_UNITS = {
    word: number
    for number, words in enumerate(
        ("nol zero", "satu one", "dua two", "tiga three", "empat four", "lima five", "enam six", "tujuh seven",
         "delapan eight", "sembilan nine", "sepuluh ten", "sebelas eleven", "twelve", "thirteen", "fourteen",
         "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
    )
    for word in words.split()
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SPECIAL = {"seratus": 100, "seribu": 1000}
_MEASURES = ("k", "kg", "gr", "gram", "persen", "hari", "bulan", "bln", "tahun", "thn", "th", "jam")
_GLUED = re.compile(
    rf"(?<![\w.,])(\d+(?:[.,]\d+)?)({'|'.join(sorted([*MULTIPLIERS, *_MEASURES], key=len, reverse=True))})\b"
)


def with_figures(words: Sequence[str]) -> list[str]:
    """Return the words with each run of number words replaced by its number; `juta` and the like stay beside it.

    "satu" or "one" stays where no multiplier follows: it is an article more often than a number.
    """
    result: list[str] = []
    position = 0
    while position < len(words):
        value, used = _number(words, position)
        if used and not _is_article(words, position, used):
            result.append(str(value))
            position += used
        else:
            result.append(words[position])
            position += 1
    return result


def unglued(text: str) -> str:
    """Return `50rb` as `50 rb`, `2k` as `2 ribu`; small letters are expected."""
    return _GLUED.sub(lambda match: f"{match[1]} {'ribu' if match[2] == 'k' else match[2]}", text)


def _is_article(words: Sequence[str], start: int, used: int) -> bool:
    following = words[start + used] if start + used < len(words) else ""
    return used == 1 and words[start] in ("satu", "one") and following not in (*MULTIPLIERS, "persen", "percent")


def _number(words: Sequence[str], start: int) -> tuple[int, int]:
    """Return the number below a million that begins at `start`, and how many words it takes (0 for none)."""
    total, used = 0, 0
    while start + used < len(words):
        value, more = _part(words, start + used)
        if not more or (total and value >= _room(total)):
            break
        total, used = total + value, used + more
    return total, used


def _room(total: int) -> int:
    """Return what the next part must lie below: after 500 come tens, after 20 come units."""
    return next(power for power in (1, 10, 100, 1000, 10000) if total % (power * 10) != 0)


def _part(words: Sequence[str], start: int) -> tuple[int, int]:
    """Return the value of one or two words (`lima`, `lima puluh`), and how many they are (0 for no number)."""
    word = words[start]
    following = words[start + 1] if start + 1 < len(words) else ""
    unit = _UNITS.get(word)
    if word in _SPECIAL or word in _TENS:
        return _SPECIAL.get(word) or _TENS[word], 1
    if unit is None:
        return 0, 0
    if following == "belas" and unit < 10:
        return unit + 10, 2
    if following == "puluh" and unit < 10:
        return unit * 10, 2
    if following in ("ratus", "hundred") and unit < 10:
        return unit * 100, 2
    return unit, 1
