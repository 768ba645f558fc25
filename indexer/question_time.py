"""Which time a question is about: a day or period that it names, the past in general, or now."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from indexer.figures import MONTHS, NUMBER_WORDS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>20[12]\d)"
_DAY_MONTH_YEAR = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\s*,?\s*{_YEAR}\b")
_MONTH_DAY_YEAR = re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+{_YEAR}\b")
_NUMERIC = re.compile(rf"\b(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.]{_YEAR}\b")
_ISO = re.compile(rf"\b{_YEAR}-(?P<month>\d{{2}})-(?P<day>\d{{2}})\b")
_MONTH_YEAR = re.compile(rf"\b(?P<month>{_MONTH})\s+{_YEAR}\b")
_LONE_YEAR = re.compile(rf"(?<![/\d.,]){_YEAR}(?![/\d])")
# "Jualan sejak 2019", "izinku terbit 2022": a year that tells the seller's own story, not the time asked about.
_STORY_YEAR = re.compile(
    rf"\b(?:sejak|semenjak|dari|dr|mulai|since|from|terbit|keluar|bikin|dibuat|daftar|buka|issued|opened|registered)\s+"
    rf"(?:di\s+|pada\s+|in\s+|on\s+)?(?:tahun\s+|taun\s+|thn\s+|th\s+)?{_YEAR}\b"
)
# A comparison of then and now is about both.
_NOW_TOO = re.compile(
    r"\b(?:sekarang|skrg|skrang|skg|saat ini|masih|baru|now|today|current|currently|still|new|nowadays)\b"
)
# So is the question whether a rule has ended: what replaced it began later than the year that is named.
_ENDED = re.compile(
    r"\b(?:(?:ga|gak|ngga|nggak|gk|tidak|tdk|udah|udh|sudah)\s+(?:berlaku|laku|dipakai|dipake)"
    r"|dicabut|dihapus|dibatalkan|dibatalin|diganti(?:kan)?|digantiin"
    r"|revoked?|repealed?|scrap(?:ped)?|replaced?|abolish(?:ed)?|axed|rescinded|cancell?ed|dead)\b"
)
_RULE = re.compile(
    r"\b(?:aturan\w*|peraturan\w*|permendag|regulasi\w*|kebijakan\w*|larangan\w*|undang2?|uu"
    r"|rules?|regulations?|laws?|bans?|decrees?|policy)\b"
)
# A year in the name of a law ("Permendag 31/2023", "PP 55 tahun 2022") is not a time that is asked about.
_LAW_NAME = re.compile(
    r"\b(?:permendag|kepmendag|pmk|pp|uu|perpres|permen\w*|peraturan\s+\w+|nomor|no\.?)\s*(?:umkm\s*)?(?:nomor\s*|no\.?\s*)?\d+\s*(?:/|tahun|thn|th|of)?\s*20[12]\d\b|(?<![\d/])\d+/20[12]\d\b"
)
_PAST = re.compile(
    r"\b(?:dulu|dulunya|dahulu|tadinya|sebelumnya|waktu itu|saat itu|yang lama|aturan lama|"
    r"used to|previously|formerly|back then|in the past|old rule|before that)\b"
)
_LAST_YEAR = re.compile(r"\b(?:tahun|taun|taon|thn|th)\s+(?:lalu|kemarin|kmrn)\b|\blast year\b")
_YEARS_AGO = re.compile(
    r"\b(?P<count>\d{1,2}|dua|tiga|empat|lima|two|three|four|five)\s+"
    r"(?:(?:tahun|taun|taon|thn|th)\s+(?:yang\s+|yg\s+)?(?:lalu|kemarin|kmrn)|years\s+ago)\b"
)
_LAST_MONTH = re.compile(r"\b(?:bulan|bln)\s+(?:lalu|kemarin|kmrn)\b|\blast month\b")
_LAW_NUMBER = re.compile(
    r"\b(?:(?P<kind>permendag|kepmendag|pmk|pp|uu|perpres)\s*(?:nomor|no\.?)?\s*)?"
    r"(?<!/)(?P<number>\d{1,3})(?:\s*(?:/|tahun|taun|thn|th|of)\s*(?P<year>20[12]\d))?\b"
)


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @classmethod
    def of_day(cls, day: date) -> "Period":
        """Return that one day."""
        return cls(day, day)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class AskedTime:
    """What a question says of time.

    `period` is the day, month or year it names, None for now. `past` is true for "dulu" and the like without a date.
    `laws` are the laws that it names, as `31/2023` or `permendag 31/`: naming an old law is asking about the past.
    """

    period: Period | None = None
    past: bool = False
    laws: frozenset[str] = frozenset()


def asked_time(text: str, today: date) -> AskedTime:
    """Find the time a question is about; a period that holds today counts as now."""
    lowered = text.lower()
    laws = frozenset(law for match in _LAW_NUMBER.finditer(lowered) if (law := _law(match)))
    compared = _NOW_TOO.search(lowered) is not None or bool(_ENDED.search(lowered) and _RULE.search(lowered))
    period = None if compared else _period(_STORY_YEAR.sub(" ", _LAW_NAME.sub(" ", lowered)), today)
    if period is not None and (today in period or period.start > today):
        period = None
    past = bool(_PAST.search(lowered)) or (compared and _period(_LAW_NAME.sub(" ", lowered), today) is not None)
    return AskedTime(period, past, laws)


def _law(match: re.Match[str]) -> str | None:
    if match["year"]:
        return f"{match['number']}/{match['year']}"
    return f"{match['kind']} {match['number']}/" if match["kind"] else None


def _period(text: str, today: date) -> Period | None:
    for pattern in (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR, _NUMERIC, _ISO):
        for match in pattern.finditer(text):
            day = _day(match)
            if day is not None:
                return Period.of_day(day)
    if found := _MONTH_YEAR.search(text):
        return _month(int(found["year"]), MONTHS[found["month"]])
    if found := _LONE_YEAR.search(text):
        return _year(int(found["year"]))
    return _counted_back(text, today)


def _counted_back(text: str, today: date) -> Period | None:
    if found := _YEARS_AGO.search(text):
        return _year(today.year - int(NUMBER_WORDS.get(found["count"]) or found["count"]))
    if _LAST_YEAR.search(text):
        return _year(today.year - 1)
    if _LAST_MONTH.search(text):
        before = today.replace(day=1) - timedelta(days=1)
        return _month(before.year, before.month)
    return None


def _day(match: re.Match[str]) -> date | None:
    month = match["month"]
    try:
        return date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
    except ValueError:
        return None


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _month(year: int, month: int) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), following - timedelta(days=1))
