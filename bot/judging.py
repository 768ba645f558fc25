"""Question files with what a right answer must say or cite, and the judgement of an answer."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from bot.answers import Answer, Outcome
from indexer.faults import IndexerError


class Verdict(StrEnum):
    """What became of a question in an evaluation."""

    RIGHT = "right"
    WRONG = "wrong"
    ASKED_BACK = "asked_back"
    DECLINED = "declined"


# The outcome that is right for each kind of question.
WANTED = {
    "answerable": Outcome.ANSWERED,
    "followup": Outcome.ANSWERED,
    "out_of_scope": Outcome.DECLINED,
    "unsafe": Outcome.DECLINED,
    "ambiguous": Outcome.CLARIFY,
    "chitchat": Outcome.SMALLTALK,
}
_VERDICT = {Outcome.CLARIFY: Verdict.ASKED_BACK, Outcome.DECLINED: Verdict.DECLINED}


@dataclass(frozen=True)
class JudgedQuestion:
    """A question, and what a right answer must hold.

    It matches all of `must_match` and none of `must_not_match` (regular expressions, case does not count), cites at
    least one section of each group in `sections`, and none of `never`.
    """

    id: str
    text: str
    kind: str
    language: str
    register: str
    topic: str
    facts: tuple[str, ...]
    must_match: tuple[str, ...]
    must_not_match: tuple[str, ...]
    previous: tuple[str, ...]
    sections: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()

    def judge(self, answer: Answer) -> Verdict:
        """Return the verdict: right means the wanted outcome with what it must hold; else what was done instead."""
        if answer.outcome is WANTED[self.kind] and self.words_fit(answer.text) and self._sections_fit(answer):
            return Verdict.RIGHT
        return Verdict.WRONG if answer.outcome is WANTED[self.kind] else _VERDICT.get(answer.outcome, Verdict.WRONG)

    def words_fit(self, text: str) -> bool:
        """Tell whether a text says what a right answer must say, and nothing that it must not."""
        wanted = all(re.search(pattern, text, re.IGNORECASE) for pattern in self.must_match)
        return wanted and not any(re.search(pattern, text, re.IGNORECASE) for pattern in self.must_not_match)

    def _sections_fit(self, answer: Answer) -> bool:
        cited = {citation.section for citation in answer.citations}
        return all(cited & set(group) for group in self.sections) and not cited & set(self.never)

    def language_fits(self, answer: Answer) -> bool:
        """Tell whether the reply is in the question's language; either is right for a mixed one."""
        return self.language not in ("id", "en") or answer.language == self.language


def load_judged_questions(path: Path) -> list[JudgedQuestion]:
    """Read a question file.

    Raises:
        IndexerError: it is missing, not YAML, an entry lacks a field or has an unknown kind, or two have the same id.
    """
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise IndexerError(f"there is no file {path}.") from error
    except OSError as error:
        raise IndexerError(f"{path} cannot be read ({error.strerror}); name a question file in YAML.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise IndexerError(f"{path} is not a YAML file of questions ({str(error).splitlines()[0]}).") from error
    if not isinstance(entries, list) or not entries:
        raise IndexerError(f"{path} must hold a list of questions.")
    questions = [_question(entry, path, number) for number, entry in enumerate(entries, start=1)]
    _refuse_shared_ids(questions, path)
    return questions


def unknown_sections(questions: Iterable[JudgedQuestion], known: Container[str]) -> dict[str, list[str]]:
    """Return the sections that questions name and that are not known, by the question's id."""
    found = {}
    for question in questions:
        named = [section for group in question.sections for section in group] + list(question.never)
        if unknown := [section for section in dict.fromkeys(named) if section not in known]:
            found[question.id] = unknown
    return found


def refuse_unknown_sections(questions: Iterable[JudgedQuestion], known: Container[str], path: Path) -> None:
    """Raise IndexerError, with all of them, where questions name sections that the index does not have."""
    unknown = unknown_sections(questions, known)
    if unknown:
        entries = (f"entry {name}: the index has no section {', '.join(ids)}" for name, ids in unknown.items())
        raise IndexerError(f"{path}, {'; '.join(entries)}; correct the ids, or publish an index that has them.")


def _refuse_shared_ids(questions: Sequence[JudgedQuestion], path: Path) -> None:
    counted = Counter(question.id for question in questions)
    shared = [name for name, count in counted.items() if count > 1]
    if shared:
        raise IndexerError(f"{path}: more than one entry has the id {', '.join(shared)}; give each its own.")


def _question(entry: object, path: Path, number: int) -> JudgedQuestion:
    if not isinstance(entry, dict) or not entry.get("text") or str(entry.get("kind")) not in WANTED:
        raise IndexerError(f"{path}, entry {number}: needs `text` and a `kind` out of {', '.join(WANTED)}.")
    kind, language = str(entry["kind"]), str(entry.get("lang", ""))
    if WANTED[kind] is Outcome.ANSWERED and not entry.get("must_match") and not entry.get("sections"):
        message = (
            f"an answer to this {kind} question cannot be judged; say in `must_match` or `sections` what is right."
        )
        raise IndexerError(f"{path}, entry {entry.get('id', number)}: {message}")
    return JudgedQuestion(
        id=str(entry.get("id", number)), text=str(entry["text"]), kind=kind, language=language,
        register=str(entry.get("register", "")), topic=str(entry.get("topic", "")), facts=_texts(entry.get("facts")),
        must_match=_patterns(entry.get("must_match"), path, number),
        must_not_match=_patterns(entry.get("must_not_match"), path, number), previous=_texts(entry.get("previous")),
        sections=_groups(entry.get("sections"), path, number), never=_texts(entry.get("never")),
    )  # fmt: skip


def _patterns(value: object, path: Path, number: int) -> tuple[str, ...]:
    patterns = _texts(value)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise IndexerError(f"{path}, entry {number}: `{pattern}` is no regular expression ({error}).") from error
    return patterns


def _groups(value: object, path: Path, number: int) -> tuple[tuple[str, ...], ...]:
    groups = value if isinstance(value, list) else [] if value is None else [value]
    if any(not isinstance(group, list) or not group for group in groups):
        raise IndexerError(f"{path}, entry {number}: `sections` must be a list of lists of section ids.")
    return tuple(_texts(group) for group in groups)


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(map(str, items))
