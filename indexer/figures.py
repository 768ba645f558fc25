"""The figures in a text: numbers, amounts and dates, written the same way whatever the language."""

import re
from dataclasses import dataclass
from decimal import Decimal

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb", "maret march mar", "april apr", "mei may", "juni june jun",
            "juli july jul", "agustus august agu agt aug", "september sept sep", "oktober october okt oct",
            "november nopember nov", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MULTIPLIERS = {
    "ribu": 10**3, "rb": 10**3, "thousand": 10**3, "juta": 10**6, "jt": 10**6, "million": 10**6,
    "miliar": 10**9, "milyar": 10**9, "billion": 10**9, "triliun": 10**12, "trillion": 10**12,
}  # fmt: skip
NUMBER_WORDS = {
    word: number
    for number, words in {
        1: "satu one sekali once single sebuah", 2: "dua two both twice kedua second kedua-duanya keduanya",
        3: "tiga three ketiga third", 4: "empat four keempat fourth", 5: "lima five", 6: "enam six", 7: "tujuh seven",
        8: "delapan eight", 9: "sembilan nine", 10: "sepuluh ten", 11: "sebelas eleven", 12: "twelve", 13: "thirteen",
        14: "fourteen", 15: "fifteen", 20: "twenty", 30: "thirty", 50: "fifty", 100: "seratus hundred", 1000: "seribu",
        1000000: "sejuta",
    }.items()
    for word in words.split()
}  # fmt: skip

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
# Months are capitalised in prose, which keeps the English verb "may" out.
_CAPITAL_MONTH = "|".join(name.capitalize() for name in sorted(MONTHS, key=len, reverse=True))
_ORDINAL = r"(?:st|nd|rd|th)?"
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?\b"),
    re.compile(
        rf"\b(?P<first>\d{{1,2}}){_ORDINAL}\s*(?:[-–]|sampai|dan|and|to)\s*(?P<day>\d{{1,2}}){_ORDINAL} "
        rf"(?P<name>{_CAPITAL_MONTH})\b(?:,? (?P<year>\d{{4}})\b)?"
    ),
    re.compile(rf"\b(?P<day>\d{{1,2}}){_ORDINAL} (?:of )?(?P<name>{_CAPITAL_MONTH})\b(?:,? (?P<year>\d{{4}})\b)?"),
    re.compile(rf"\b(?P<name>{_CAPITAL_MONTH}) (?P<day>\d{{1,2}}){_ORDINAL}(?!\d)(?:,? (?P<year>\d{{4}})\b)?"),
    re.compile(rf"\b(?P<name>{_CAPITAL_MONTH}) (?P<year>\d{{4}})\b"),
)  # fmt: skip
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:Rp|US\$|USD|IDR|\$|x)?\s?(?P<digits>\d+(?:[.,:]\d+)*)(?:[\s-]?(?P<unit>{'|'.join(MULTIPLIERS)})\b)?",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"^\s*(?:>\s*)?\d{1,2}[.)]\s", re.MULTILINE)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


@dataclass(frozen=True)
class Figures:
    """Numbers as plain decimals (`1250`, `6.97`), dates as `2025-06-09`, `2025-06` or `--06-09` (year not said)."""

    numbers: frozenset[str]
    dates: frozenset[str]

    def __or__(self, other: "Figures") -> "Figures":
        return Figures(self.numbers | other.numbers, self.dates | other.dates)


def plain(digits: str) -> str | None:
    """Return a number as a plain decimal, read by its shape: groups of three are thousands, else a decimal part.

    `1.250` and `1,250` are 1250; `6,97` and `6.97` are 6.97; `1.234.567,5` is 1234567.5; a time `23.59` and
    `23:59` are 23.59. None where the shape is none of these (`3.1.2`).
    """
    parts = re.split(r"[.,:]", digits)
    if len(parts) == 1:
        return str(int(digits))
    if all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0] != "0":
        return str(int("".join(parts)))
    if len(parts) == 2 or all(len(part) == 3 for part in parts[1:-1]):
        return format(Decimal("".join(parts[:-1]) + "." + parts[-1]).normalize(), "f")
    return None


def figures(text: str) -> Figures:
    """Return the numbers (in digits) and the dates in a text; the marks of numbered lists do not count."""
    rest = _LIST_MARK.sub(" ", text)
    dates: set[str] = set()
    for pattern in _DATES:
        dates.update(date for match in pattern.finditer(rest) for date in _dates_of(match))
        rest = pattern.sub(" ; ", rest)
    numbers: set[str] = set()
    for match in _NUMBER.finditer(rest):
        numbers.update(_numbers_of(match["digits"], match["unit"]))
    return Figures(frozenset(numbers), frozenset(dates))


def words_as_numbers(text: str) -> frozenset[str]:
    """Return the numbers that a text says in words."""
    return frozenset(str(NUMBER_WORDS[word]) for word in map(str.lower, _WORD.findall(text)) if word in NUMBER_WORDS)


def _dates_of(match: re.Match[str]) -> list[str]:
    found = match.groupdict()
    month = int(found["month"]) if found.get("month") else MONTHS[found["name"].lower()]
    days = [int(found[name]) for name in ("first", "day") if found.get(name)]
    year = found.get("year")
    if not days:
        return [f"{year}-{month:02d}"]
    return [f"{year}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}" for day in days]


def _numbers_of(digits: str, unit: str | None) -> list[str]:
    number = plain(digits)
    if number is None:
        return [str(int(part)) for part in re.split(r"[.,:]", digits)]
    if unit is None:
        return [number]
    scaled = Decimal(number) * MULTIPLIERS[unit.lower()]
    return [format(scaled.normalize(), "f")]


def missing(said: Figures, known: Figures, known_words: frozenset[str] = frozenset()) -> list[str]:
    """Return the figures of `said` that `known` does not hold.

    A date is held if it, or a more exact one, is known; a number also if it is a part of a known date.
    """
    parts = {str(int(part)) for date in known.dates for part in date.split("-") if part}
    months = {date for known_date in known.dates for date in _less_exact(known_date)}
    lost_dates = sorted(
        date for date in said.dates if date not in known.dates | months and not _split_known(date, known)
    )
    return sorted(said.numbers - known.numbers - parts - known_words) + lost_dates


def _less_exact(date: str) -> set[str]:
    if date.startswith("--"):
        return {date}
    year, month, *day = date.split("-")
    return {f"{year}-{month}", *(f"--{month}-{part}" for part in day)}


def _split_known(date: str, known: Figures) -> bool:
    """Tell whether `2025-06-09` is known as the day without its year, the year standing elsewhere in the facts."""
    if date.startswith("--") or date.count("-") < 2:
        return False
    year, month, day = date.split("-")
    years = known.numbers | {known_date.split("-")[0] for known_date in known.dates}
    return f"--{month}-{day}" in known.dates and year in years
