"""What every system in the comparison gets: the same passages, the same questions, the same judge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.judging import load_judged_questions
from indexer.building import gather
from indexer.faults import Faults
from indexer.known_questions import load_questions
from indexer.sections import LANGUAGES, OUTSIDE, Section
from indexer.settings import PROJECT, IndexSettings


@dataclass(frozen=True)
class Passage:
    """A section in one language, as a system that knows nothing of sections gets it."""

    section: str
    text: str


@dataclass(frozen=True)
class BenchQuestion:
    """A question, and how a found section is judged: by its address, or by what its text must say."""

    text: str
    sections: frozenset[str] = frozenset()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()

    def answered_by(self, section: Section) -> bool:
        """Tell whether a section answers the question."""
        if self.sections:
            return section.id in self.sections
        text = "\n".join(f"{section.text(language).heading}\n{section.text(language).body}" for language in LANGUAGES)
        says = all(re.search(pattern, text, re.IGNORECASE) for pattern in self.must_match)
        return says and not any(re.search(pattern, text, re.IGNORECASE) for pattern in self.must_not_match)


def our_sections() -> list[Section]:
    """Return the sections of the project's knowledge, without the subjects that it declines."""
    sections = gather(IndexSettings().knowledge_dir, PROJECT).snapshot.sections
    return [section for section in sections.values() if section.kind != OUTSIDE]


def passages_of(sections: Sequence[Section], with_asked: bool = False) -> list[Passage]:
    """Return each section in each language; with the ways of asking it where a system is to see them too."""
    passages = []
    for section in sections:
        for language in LANGUAGES:
            text = section.text(language)
            asked = "\n".join(section.asked.get(language, ())) if with_asked else ""
            passages.append(Passage(section.id, f"{text.heading}\n\n{text.body}\n{asked}".strip()))
    return passages


def bench_questions(path: Path | None) -> list[BenchQuestion]:
    """Return the questions with an answer: those of a judged file, or the ones that the knowledge is tried on.

    Raises:
        IndexerError: the file is missing or faulty.
    """
    if path is not None:
        judged = load_judged_questions(path)
        return [
            BenchQuestion(q.text, frozenset(s for group in q.sections for s in group), q.must_match, q.must_not_match)
            for q in judged
            if (q.must_match or q.sections) and q.kind == "answerable"
        ]
    folder = IndexSettings().knowledge_dir
    known = load_questions(folder / "questions", [], Faults(folder))
    return [BenchQuestion(q.text, frozenset(q.sections)) for q in known if q.sections and not q.previous]
