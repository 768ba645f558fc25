"""Sellers' words and what they stand for: `glossary.yaml`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer.faults import Faults
from indexer.fields import Fields
from indexer.located_yaml import load_entries, read_text

FIELDS = ("words", "means", "adds", "why")
WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*", re.UNICODE)
_DRAWN_OUT = re.compile(r"(?!www\b)([a-z])\1{2,}")
# Not "rp2 juta" or "co2": a doubled word has a vowel and at least three letters.
_REDUPLICATED = re.compile(r"\b(?=[a-z]*[aiueo])([a-z]{3,})2(?:nya|an)?\b")


@dataclass(frozen=True)
class Glossary:
    """`means` replaces a seller's word; `adds` puts further words beside it (old and new names, the other language).

    Keys are tuples of words, so that "seller center" can be one entry.
    """

    means: Mapping[tuple[str, ...], str]
    adds: Mapping[tuple[str, ...], str]

    @cached_property
    def longest(self) -> int:
        """The number of words in its longest entry."""
        return max(map(len, [*self.means, *self.adds]), default=1)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of its entries."""
        return frozenset(word for entry in (*self.means, *self.adds) for word in entry)

    def in_full(self, words: Sequence[str]) -> str:
        """Return the words as a text in full words: abbreviations and chat spellings replaced."""
        return " ".join(self._replaced(words, self.means, keep=False))

    def with_further(self, text: str) -> str:
        """Return the text with the further words that the documents may use beside its own."""
        return " ".join(self._replaced(words_of(text), self.adds, keep=True))

    def _replaced(self, words: Sequence[str], entries: Mapping[tuple[str, ...], str], keep: bool) -> list[str]:
        result: list[str] = []
        position = 0
        while position < len(words):
            size = self._match(words, position, entries)
            if size == 0:
                result.append(words[position])
                position += 1
                continue
            found = tuple(words[position : position + size])
            result += [*found, entries[found]] if keep else [entries[found]]
            position += size
        return result

    def _match(self, words: Sequence[str], position: int, entries: Mapping[tuple[str, ...], str]) -> int:
        for size in range(min(self.longest, len(words) - position), 0, -1):
            if tuple(words[position : position + size]) in entries:
                return size
        return 0


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters; a number keeps its decimal part."""
    return WORD.findall(text.lower())


def shortened(text: str) -> str:
    """Return `bangettt` as `banget`, and `potongan2` as `potongan potongan`."""
    return _REDUPLICATED.sub(r"\1 \1", _DRAWN_OUT.sub(r"\1", text.lower()))


def load_glossary(path: Path, faults: Faults) -> Glossary:
    """Read the glossary; a missing file is an empty glossary."""
    means: dict[tuple[str, ...], str] = {}
    adds: dict[tuple[str, ...], str] = {}
    text = read_text(path, faults) if path.exists() else None
    for located in load_entries(text, path, faults) if text else []:
        fields = Fields(located, path, faults)
        fields.refuse_unknown(FIELDS)
        if not fields.has("words") or fields.has("means") == fields.has("adds"):
            fields.fault(
                "words", "an entry needs `words`, and either `means` (replaces them) or `adds` (stands beside them)."
            )
            continue
        for word in fields.texts("words"):
            key = tuple(words_of(word))
            if key in means or key in adds:
                fields.fault("words", f"`{word}` stands twice in the glossary; keep one.")
            target, value = (means, fields.text("means")) if fields.has("means") else (adds, fields.text("adds"))
            target[key] = value or ""
    return Glossary(means, adds)
