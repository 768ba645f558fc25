"""Proposals from reviewed transcripts, as the console exports them: `proposals.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from indexer.faults import ProposalsError
from indexer.fields import parse_day
from indexer.sections import LANGUAGES, Language

VERSION = 1
EXPORT = "export the proposals from the console, or with `python -m bot proposals --export`"


@dataclass(frozen=True)
class AskedQuestion:
    """A seller's question with the personal data masked."""

    text: str
    language: Language


@dataclass(frozen=True)
class Proposal:
    """What a review asks for: the questions, the one that stands for all first, and in how many turns they came."""

    id: int
    questions: tuple[AskedQuestion, ...]
    count: int
    note: str | None
    proposed_on: date


@dataclass(frozen=True)
class AskedProposal(Proposal):
    """Sellers ask for that section in these words too."""

    section: str


@dataclass(frozen=True)
class SectionProposal(Proposal):
    """No section answers this; `topic` and `platform` are as the reviewer typed them, `near` are addresses."""

    topic: str | None
    platform: str | None
    answers: Mapping[Language, str]
    near: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """The proposals of a file, and a sentence for each entry that cannot be used."""

    proposals: tuple[Proposal, ...]
    faults: tuple[str, ...]


def one_line(text: str) -> str:
    """Return a text without line breaks, as the reader of the knowledge takes it."""
    return " ".join(text.split())


def read_file(path: Path) -> bytes:
    """Return the bytes of an export.

    Raises:
        ProposalsError: there is no such file.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ProposalsError(f"{path} is not there; {EXPORT}.") from error


def read_proposals(data: bytes) -> Export:
    """Read an export; an entry that cannot be used is told, and the others are returned.

    Raises:
        ProposalsError: it is not JSON, or not of the version that is read here.
    """
    found: dict[int, Proposal] = {}
    faults = []
    for number, values in enumerate(_entries(data), start=1):
        try:
            proposal = _proposal(_Entry(values))
            if proposal.id in found:
                raise ValueError("this id stands twice; the first one counts")
            found[proposal.id] = proposal
        except ValueError as error:
            faults.append(f"{_name(values, number)}: {error}.")
    return Export(tuple(found.values()), tuple(faults))


def _entries(data: bytes) -> list[Any]:
    try:
        record = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ProposalsError(f"the proposals are not JSON in UTF-8; {EXPORT}.") from error
    version = record.get("version") if isinstance(record, dict) else None
    if version != VERSION or isinstance(version, bool):
        shown = json.dumps(version)[:40]
        raise ProposalsError(f"the proposals are of version {shown}, and {VERSION} is what is read here; {EXPORT}.")
    entries = record.get("proposals")
    if not isinstance(entries, list):
        raise ProposalsError(f"the file has no list `proposals`; {EXPORT}.")
    return entries


def _name(values: object, number: int) -> str:
    identity = values.get("id") if isinstance(values, dict) else None
    return f"entry {number}" if identity is None else f"proposal {str(identity)[:40]}"


def _proposal(entry: "_Entry") -> Proposal:
    identity, kind = entry.whole("id"), entry.values.get("kind")
    shared = (identity, entry.questions(), entry.whole("count"), entry.text("note"), entry.day("proposed_on"))
    if kind == "asked":
        section = entry.text("section")
        if section is None:
            raise ValueError("`section` is missing; say which section is asked for")
        return AskedProposal(*shared, section)
    if kind == "section":
        return SectionProposal(
            *shared, entry.text("topic"), entry.text("platform"), entry.answers(), entry.texts("near")
        )
    raise ValueError(f'`kind` is {_shown(kind)}; it must be "asked" or "section"')


class _Entry:
    """One entry of the file, its fields read one by one; each method raises ValueError with what is wrong."""

    def __init__(self, values: object) -> None:
        if not isinstance(values, dict):
            raise ValueError("it is not an object with `id` and `kind`")
        try:
            json.dumps(values, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as error:
            raise ValueError("it holds half a character (a lone surrogate)") from error
        self.values: dict[str, Any] = values

    def whole(self, name: str) -> int:
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ValueError(f"`{name}` is {_shown(value)}; it must be a whole number")
        return value

    def day(self, name: str) -> date:
        day = parse_day(self.values.get(name))
        if day is None:
            raise ValueError(f"`{name}` is {_shown(self.values.get(name))}; it must be a day such as 2026-11-25")
        return day

    def text(self, name: str) -> str | None:
        return _text(name, self.values.get(name))

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name) or []
        if not isinstance(value, list):
            raise ValueError(f"`{name}` must be a list")
        return tuple(text for text in (_text(name, item) for item in value) if text)

    def answers(self) -> dict[Language, str]:
        value = self.values.get("answers") or {}
        if not isinstance(value, dict):
            raise ValueError("`answers` must have the parts `id` and `en`")
        texts = {language: _text("answers", value.get(language)) for language in LANGUAGES}
        return {language: text for language, text in texts.items() if text}

    def questions(self) -> tuple[AskedQuestion, ...]:
        value = self.values.get("questions")
        if not isinstance(value, list) or not value:
            raise ValueError("`questions` must be a list with at least one question")
        return tuple(_question(item) for item in value)


def _question(value: object) -> AskedQuestion:
    text = _text("text", value.get("text")) if isinstance(value, dict) else None
    if not isinstance(value, dict) or text is None:
        raise ValueError("a question needs a `text`")
    for language in LANGUAGES:
        if value.get("language") == language:
            return AskedQuestion(text, language)
    raise ValueError(f'a question\'s `language` is {_shown(value.get("language"))}; it must be "id" or "en"')


def _text(name: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{name}` is {_shown(value)}; it must be a text")
    return value if value and value.strip() else None


def _shown(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return "missing" if value is None else shown if len(shown) <= 40 else f"{shown[:40]}…"
