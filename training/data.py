"""What the model learns from: our own sections, and a folder of permissively licensed pairs.

The folder holds three tab-separated files with a header line: `pairs.tsv` (source, licence, en, id),
`informal_formal.tsv` (informal, formal) and `slang.tsv` (slang, standard). They are not part of the repository;
`models/seller-id-en/README.md` names their sources and licences.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.faults import IndexerError
from indexer.sections import LANGUAGES, Section


@dataclass(frozen=True)
class Pairs:
    """Texts that mean the same: (English, Indonesian), (informal, formal); and chat spellings of standard words."""

    translations: Sequence[tuple[str, str]]
    registers: Sequence[tuple[str, str]]
    slang: dict[str, list[str]]


@dataclass(frozen=True)
class Views:
    """A section as the model sees it: short ways of asking it (with their language), and its long texts."""

    section: str
    questions: Sequence[tuple[str, str]]
    texts: Sequence[str]


def load_pairs(folder: Path) -> Pairs:
    """Read the three files.

    Raises:
        IndexerError: one of them is missing or has other columns.
    """
    translations = [(row[2], row[3]) for row in _rows(folder / "pairs.tsv", 4)]
    registers = [(row[0], row[1]) for row in _rows(folder / "informal_formal.tsv", 2)]
    slang: dict[str, list[str]] = {}
    for chat, standard in _rows(folder / "slang.tsv", 2):
        if " " not in standard and chat != standard:
            slang.setdefault(standard, []).append(chat)
    return Pairs(translations, registers, slang)


def views_of(sections: Sequence[Section]) -> list[Views]:
    """Return the views of each section that has at least two ways of asking."""
    found = []
    for section in sections:
        questions = [(language, text.heading) for language, text in section.texts.items()]
        questions += [(language, variant) for language in LANGUAGES for variant in section.asked.get(language, ())]
        texts = [f"{text.heading}\n{text.body}" for text in section.texts.values()]
        if len(questions) > 1:
            found.append(Views(section.id, questions, texts))
    return found


def _rows(path: Path, columns: int) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    except FileNotFoundError as error:
        raise IndexerError(f"there is no {path}; name the folder of training data with --data.") from error
    if any(len(row) != columns for row in rows):
        raise IndexerError(f"{path} must have {columns} columns, separated by tabs.")
    return rows
