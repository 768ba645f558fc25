"""Questions in sellers' words with what must come of them: `knowledge/questions/*.yaml`."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from indexer.faults import Faults
from indexer.fields import Fields
from indexer.located_yaml import load_entries, read_text

FIELDS = ("text", "section", "refuse", "ask_back", "previous")


class Wanted(StrEnum):
    """What must come of a question."""

    FOUND = "found"
    REFUSED = "refused"
    ASKED_BACK = "asked_back"


@dataclass(frozen=True)
class KnownQuestion:
    """A question, what must come of it, the sections of which one must be found, and the seller's earlier messages."""

    text: str
    wanted: Wanted
    sections: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    subject: str = ""


def load_questions(folder: Path, known_sections: Iterable[str], faults: Faults) -> list[KnownQuestion]:
    """Read all files of questions; a section that does not exist is a fault. The file's name is their subject."""
    sections = set(known_sections)
    questions = []
    for path in sorted(folder.glob("*.yaml")):
        text = read_text(path, faults)
        for located in load_entries(text, path, faults) if text else []:
            question = _question(Fields(located, path, faults), sections)
            if question is not None:
                questions.append(question)
    return questions


def _question(fields: Fields, sections: set[str]) -> KnownQuestion | None:
    fields.refuse_unknown(FIELDS)
    addresses = fields.texts("section")
    for address in addresses:
        if address not in sections:
            fields.fault("section", f"`{address}` is not a section; correct the address or remove the question.")
    chosen = [
        wanted for wanted, name in _NAMES.items() if fields.located.values.get(name) not in (None, False, "false")
    ]
    if not fields.has("text") or len(chosen) != 1:
        fields.fault("text", "a question needs `text`, and one of `section`, `refuse: true` and `ask_back: true`.")
        return None
    return KnownQuestion(fields.text("text") or "", chosen[0], addresses, fields.texts("previous"), fields.path.stem)


_NAMES = {Wanted.FOUND: "section", Wanted.REFUSED: "refuse", Wanted.ASKED_BACK: "ask_back"}
