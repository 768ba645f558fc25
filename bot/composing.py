"""The words of an answer, composed from the sections themselves."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.answers import Citation
from bot.wording import say
from indexer.fields import parse_day
from indexer.sections import Confidence, Language, Law, Section, Source, Status, Text
from indexer.validity import Role

SHOWN_SOURCES = 1
# Texts of laws were read in public copies there; a seller should see that the link is not the ministry's.
_COPY_HOSTS = ("github.com", "raw.githubusercontent.com")
_SENTENCE_END = re.compile(r"[.!?](?:\*\*)?(?=\s)")


@dataclass(frozen=True)
class Passage:
    """A section to be shown, as what, and what is to be said with it.

    `now` is the successor that holds today, `later` the one that will; `start_unknown` warns that the asked day may lie
    before its start, `not_yet` that it does. `details` follow its text.
    """

    section: Section
    role: Role
    now: Section | None = None
    later: Section | None = None
    start_unknown: bool = False
    not_yet: bool = False
    details: tuple[str, ...] = ()


def day_in_words(day: date, language: Language) -> str:
    """Return `18 Mei 2026` or `18 May 2026`."""
    return f"{day.day} {say(language, 'answer.months').split()[day.month - 1]} {day.year}"


def compose(passages: Sequence[Passage], language: Language, wording: Callable[[Text], str] | None = None) -> str:
    """Return the markup: each passage under its heading, so that the seller sees what was understood.

    The sentence that answers is bold. `wording` puts a section's text into other words; warnings, dates, side and
    sources stay as they are.
    """
    worded = wording or (lambda text: text.body)
    return "\n\n".join(_passage(passage, language, worded) for passage in passages)


def _passage(passage: Passage, language: Language, wording: Callable[[Text], str]) -> str:
    text = _with_details(passage.section.text(language), passage.details)
    lines = [line for line in _warnings(passage, language) if line]
    lines.append(f"{text.heading}\n{with_bold_start(wording(text))}")
    lines += [line for line in (_now(passage, language), _later(passage, language)) if line]
    rests_on = "\n".join(
        line for line in (_standing(passage.section, language), sources_line(passage.section, language)) if line
    )
    return "\n\n".join([*lines, rests_on])


def _with_details(text: Text, details: Sequence[str]) -> Text:
    return Text(text.heading, "\n\n".join([text.body.strip(), " ".join(details)])) if details else text


def _warnings(passage: Passage, language: Language) -> list[str]:
    section = passage.section
    start = day_in_words(section.in_force_from, language) if section.in_force_from else ""
    if passage.not_yet:
        return [say(language, "answer.not_yet", start=start)]
    if passage.role is Role.PAST:
        return [_past(section, language)]
    warnings = []
    if section.status in (Status.DISPUTED, Status.PLANNED, Status.POSTPONED):
        warnings.append(say(language, f"answer.warning_{section.status}"))
    elif passage.role is Role.UPCOMING:
        warnings.append(say(language, "answer.warning_upcoming", start=start))
    elif section.confidence is Confidence.LOW and section.status is not Status.HISTORICAL:
        warnings.append(say(language, "answer.warning_low"))
    if passage.start_unknown:
        warnings.append(say(language, "answer.warning_start_unknown"))
    return warnings


def _past(section: Section, language: Language) -> str:
    if section.in_force_until is None:
        return say(language, "answer.warning_past")
    end = date.fromordinal(section.in_force_until.toordinal() + 1)
    return say(language, "answer.warning_past_since", end=day_in_words(end, language))


def _now(passage: Passage, language: Language) -> str:
    if passage.now is None:
        return ""
    text = passage.now.text(language)
    return f"{say(language, 'answer.now', heading=text.heading)}\n{first_sentence(text.body)}"


def _later(passage: Passage, language: Language) -> str:
    later = passage.later
    if later is None or later.in_force_from is None:
        return ""
    start = day_in_words(later.in_force_from, language)
    return say(language, "answer.changes", start=start, heading=later.text(language).heading)


def first_sentence(body: str) -> str:
    """Return the first sentence of a text, with its bold closed; a list does not belong to it."""
    line = body.strip().split("\n", 1)[0].strip()
    ends = (line[: end.end()] for end in _SENTENCE_END.finditer(line))
    return next((sentence for sentence in ends if sentence.count("**") % 2 == 0), line)


def with_bold_start(body: str) -> str:
    """Return the text with its first sentence bold, unless that only leads to a list or holds a link."""
    first = first_sentence(body)
    if first.endswith(":") or "](" in first or not first:
        return body
    return body.strip().replace(first, f"**{first.replace('**', '')}**", 1)


def _standing(section: Section, language: Language) -> str:
    """Return the line that says since when it holds, for which side, and when that was checked."""
    parts = [_dates(section, language), say(language, f"answer.side_{section.platform}")]
    if section.checked:
        parts.append(say(language, "answer.checked", checked=day_in_words(section.checked, language)))
    line = " · ".join(part for part in parts if part)
    return f"📅 {line[:1].upper()}{line[1:]}"


def _dates(section: Section, language: Language) -> str:
    start, end = (day_in_words(day, language) if day else "" for day in (section.in_force_from, section.in_force_until))
    if section.status is Status.HISTORICAL:
        return say(language, "answer.happened", start=start) if start else ""
    if start and end:
        return say(language, "answer.between", start=start, end=end)
    if section.status in (Status.PLANNED, Status.POSTPONED):
        return say(language, "answer.from_later", start=start) if start else ""
    if start:
        return say(language, "answer.since", start=start)
    return say(language, "answer.until", end=end) if end else ""


def sources_line(section: Section, language: Language, limit: int = SHOWN_SOURCES) -> str:
    """Return the line of sources: the law's place first, then publishers with their addresses."""
    shown = [law_in_words(law, language) for law in section.laws]
    room = max(1, limit - len(shown)) if section.sources else 0
    shown += [_source(source, language) for source in _varied(section.sources)[:room]]
    return f"📎 {say(language, 'answer.sources', sources='; '.join(shown))}" if shown else ""


def law_in_words(law: Law, language: Language) -> str:
    """Return `Permendag 19/2026 Pasal 25 ayat (3)` or its English form."""
    key = "law_paragraph" if law.article and law.paragraph else "law_article" if law.article else "law"
    return say(language, f"answer.{key}", name=law.name, article=law.article, paragraph=law.paragraph)


def _varied(sources: Iterable[Source]) -> list[Source]:
    """Return one source per publisher and address: two pages of one publisher say less than two publishers."""
    chosen: list[Source] = []
    for source in sources:
        known = {other.publisher.lower() for other in chosen} | {other.url for other in chosen if other.url}
        if source.publisher.lower() not in known and source.url not in known:
            chosen.append(source)
    return chosen


def _source(source: Source, language: Language) -> str:
    name = source.publisher.replace("[", "(").replace("]", ")")
    if urlsplit(source.url or "").hostname in _COPY_HOSTS:
        name = say(language, "answer.copy", publisher=name)
    when = f" ({date_in_words(source.date, language)})" if source.date else ""
    return f"[{name}]({source.url}){when}" if source.url else f"{name}{when}"


def date_in_words(value: str, language: Language) -> str:
    """Return `2026-05-18` as `18 Mei 2026`, `2026-05` as `Mei 2026`, and anything else as it is."""
    day = parse_day(value)
    if day is not None:
        return day_in_words(day, language)
    month = parse_day(f"{value}-01")
    return day_in_words(month, language).split(" ", 1)[1] if month else value


def citation(section: Section, language: Language) -> Citation:
    """Return the section as it is cited."""
    source = next(iter(section.sources), None)
    return Citation(
        section=section.id,
        title=section.text(language).heading,
        kind=section.kind,
        status=section.status,
        platform=section.platform,
        in_force_from=section.in_force_from,
        in_force_until=section.in_force_until,
        checked=section.checked,
        publisher=source.publisher if source else None,
        url=source.url if source else None,
    )
