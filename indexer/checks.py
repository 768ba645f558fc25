"""What must be true of the knowledge as a whole; `check` reports everything that is not."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from indexer.facts import Fact
from indexer.faults import Fault, Faults
from indexer.figures import Figures, figures, missing, words_as_numbers
from indexer.knowledge import Knowledge, Place, read_knowledge
from indexer.located_yaml import read_text
from indexer.sections import LANGUAGES, OUTSIDE, Language, Section, Status
from indexer.worked_examples import split_examples

LONGEST_TEXT = 1000
# A title, a heading or a text that a draft of `python -m indexer proposals` left open.
_GAP = re.compile(r"(?:### \w+: |\s*\w+: [\"']?)?(?P<gap>TODO: [^\"'\r]*)")


def check_knowledge(folder: Path, root: Path) -> tuple[Knowledge, tuple[Fault, ...]]:
    """Read the knowledge and return it with all its faults; paths in them are relative to `root`."""
    faults = Faults(root)
    knowledge = read_knowledge(folder, faults)
    _check_topics(knowledge, folder, faults)
    _check_gaps(knowledge, faults)
    for name, section in knowledge.sections.items():
        place = knowledge.places[name]
        _check_languages(section, place, faults)
        _check_times(section, place, knowledge, faults)
        _check_pointers(section, place, knowledge, faults)
        if not place.imported:
            _check_figures(section, place, [knowledge.facts[fact] for fact in section.facts], faults)
    return knowledge, faults.sorted()


def _check_topics(knowledge: Knowledge, folder: Path, faults: Faults) -> None:
    for topic in knowledge.topics.values():
        if topic.overview and topic.overview not in knowledge.sections:
            faults.add(
                folder / "topics.yaml",
                topic.line,
                f"overview `{topic.overview}` is not a section; correct the address.",
            )
    for name, section in knowledge.sections.items():
        if section.topic and section.topic not in knowledge.topics:
            known = ", ".join(knowledge.topics)
            faults.add(knowledge.places[name].path, 1, f"topic `{section.topic}` is unknown; write one of {known}.")


def _check_gaps(knowledge: Knowledge, faults: Faults) -> None:
    """Note each line that a draft left open: nothing else would keep it from the sellers."""
    for path in knowledge.documents.values():
        for number, line in enumerate((read_text(path, faults) or "").split("\n"), start=1):
            if match := _GAP.match(line):
                faults.add(
                    path, number, f"unfinished (`{match['gap']}`); write it, and delete the comment of the draft."
                )


def _check_languages(section: Section, place: Place, faults: Faults) -> None:
    for language in LANGUAGES:
        if language not in section.texts and (not place.imported or section.kind == OUTSIDE):
            faults.add(
                place.path,
                place.line,
                f"`{section.id}` has no text in `{language}`; write it below `### {language}: …`.",
            )
    for language, text in section.texts.items():
        if len(text.body) > LONGEST_TEXT and not place.imported:
            message = f"the text has {len(text.body)} characters; at most about 900 fit a chat: split or shorten it."
            faults.add(place.path, place.text_lines[language], message)


def _check_times(section: Section, place: Place, knowledge: Knowledge, faults: Faults) -> None:
    def fault(field: str, message: str) -> None:
        faults.add(place.path, place.fields.lines.get(field, place.line), message)

    start, end = section.in_force_from, section.in_force_until
    if start and end and end < start:
        fault("in_force_until", f"ends on {end}, before it starts on {start}; correct one of the two.")
    if section.status is Status.SUPERSEDED and end is None and section.replaced_by is None:
        fault("status", "superseded, but no successor `replaces` it and it has no `in_force_until`; add one of them.")
    if section.status is Status.IN_FORCE:
        stale = [name for name in section.facts if knowledge.facts[name].status is Status.SUPERSEDED]
        for name in stale:
            by = knowledge.facts[name].superseded_by or "nothing"
            fault(
                "facts",
                f"stale: {name} is superseded by {by}; rewrite the section from that fact, or mark it superseded.",
            )
    newest = max((day for day in map(_as_of, map(knowledge.facts.get, section.facts)) if day), default=None)
    if section.checked and newest and section.checked > newest:
        fault(
            "checked",
            f"checked on {section.checked}, but its newest fact is of {newest}; nothing newer than its sources.",
        )


def _as_of(fact: Fact | None) -> date | None:
    return fact.as_of if fact else None


def _check_pointers(section: Section, place: Place, knowledge: Knowledge, faults: Faults) -> None:
    for field, addresses in (("replaces", section.replaces), ("see_also", section.see_also)):
        for address in addresses:
            if address not in knowledge.sections:
                message = f"`{field}: {address}` points nowhere; write the address of a section."
                faults.add(place.path, place.fields.line_of(field), message)
            elif address == section.id:
                faults.add(
                    place.path, place.fields.line_of(field), f"`{field}` points to the section itself; remove it."
                )


def _check_figures(section: Section, place: Place, facts: list[Fact], faults: Faults) -> None:
    known, words = _known_figures(facts)
    _check_laws(section, place, facts, faults)
    known = known | figures(" ; ".join(law.name for law in section.laws))
    said: dict[Language, Figures] = {}
    said_words: dict[Language, frozenset[str]] = {}
    for language, text in section.texts.items():
        rest, examples = split_examples(text.body)
        prose = f"{text.heading}\n{rest}"
        said[language], said_words[language] = figures(prose), words_as_numbers(prose)
        line = place.text_lines[language]
        stated = said[language] | figures(" ; ".join(example.rates for example in examples))
        for figure in _without_dates_of(missing(stated, known, words), facts):
            faults.add(
                place.path,
                line,
                f"`{figure}` stands in none of its facts ({', '.join(section.facts)}); correct it or cite the fact.",
            )
        for example in examples:
            for sentence in example.wrong():
                faults.add(place.path, place.body_lines[language] + example.line, sentence)
    for one, other in _pairs(section.texts):
        for figure in missing(said[one], said[other], said_words[other]):
            faults.add(
                place.path,
                place.text_lines[one],
                f"`{figure}` stands in the `{one}` text but not in the `{other}` one; say the same in both.",
            )


def _check_laws(section: Section, place: Place, facts: list[Fact], faults: Faults) -> None:
    """Note each law whose number, article or paragraph stands neither in the facts nor in their sources' titles."""
    known, words = _known_figures(facts)
    titles = figures("\n".join(source.title for fact in facts for source in fact.sources))
    for law in section.laws:
        stated = figures(f"{law.name} ; {law.article or ''} ; {law.paragraph or ''}")
        for figure in _without_dates_of(missing(stated, known | titles, words), facts):
            faults.add(
                place.path,
                place.fields.line_of("laws"),
                f"`{figure}` of {law.name} stands in none of its facts; correct it or cite the fact.",
            )


def _known_figures(facts: Iterable[Fact]) -> tuple[Figures, frozenset[str]]:
    """Return the figures that the facts say. Their `effective` and `as_of` count as dates and years, not as numbers."""
    texts = [text for fact in facts for text in (fact.topic, *fact.texts.values())]
    joined = "\n".join(texts)
    return figures(joined), words_as_numbers(joined)


def _without_dates_of(lost: Iterable[str], facts: Iterable[Fact]) -> list[str]:
    days = [day for fact in facts for day in (fact.effective, fact.as_of) if day]
    known = {form for day in days for form in (str(day), f"{day:%Y-%m}", f"--{day:%m-%d}", str(day.year))}
    return [figure for figure in lost if figure not in known]


def _pairs(texts: Iterable[Language]) -> list[tuple[Language, Language]]:
    languages = list(texts)
    return [(one, other) for one in languages for other in languages if one != other]
