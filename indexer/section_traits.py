"""What speaks for or against a section besides its words: side, age, the law it rests on, names and numbers in it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.glossary import words_of
from indexer.question_time import AskedTime
from indexer.ranking import FeatureTable
from indexer.sections import OUTSIDE, Platform, Section, Status
from indexer.validity import names_law

# A word that is capitalised though no sentence begins with it.
_CAPITALISED = re.compile(r"(?<=[a-z0-9,)] )\**([A-Z][\w&]+)")
_SEEN_OFTEN = 3


class Asked(Protocol):
    """What the traits depend on of a search."""

    @property
    def time(self) -> AskedTime:
        """The time that the question is about."""

    @property
    def platform(self) -> Platform | None:
        """The side that it is about."""


class SectionTraits:
    """The traits of all sections, by position."""

    def __init__(self, sections: Sequence[Section], overviews: Sequence[int]) -> None:
        self._sections = sections
        self.names = _names(sections)
        self._marks = [_marks(section, self.names) for section in sections]
        self._side = {side: _sides(sections, side) for side in (Platform.TOKOPEDIA, Platform.TIKTOK_SHOP)}
        self._history = _where([section.status is Status.HISTORICAL for section in sections])
        self._outside = _where([section.kind == OUTSIDE for section in sections])
        chosen = set(overviews)
        self._overview = _where([number in chosen for number in range(len(sections))])

    def fill(self, table: FeatureTable, candidates: Sequence[int], search: Asked, words: Sequence[str]) -> None:
        """Fill in the features of the candidates that do not come from vectors or BM25."""
        positions = np.array(candidates, dtype=np.intp)
        table["outside"] = self._outside[positions]
        table["overview"] = self._overview[positions]
        if not (search.time.past or search.time.period):
            table["history"] = self._history[positions]
        side = self._side.get(search.platform) if search.platform else None
        if side is not None:
            table["side_asked"] = (side[positions] > 0).astype(np.float32)
            table["side_other"] = (side[positions] < 0).astype(np.float32)
        if search.time.laws:
            table["law"] = _where([names_law(self._sections[number], search.time.laws) for number in candidates])
        self._fill_marks(table, candidates, words)

    def _fill_marks(self, table: FeatureTable, candidates: Sequence[int], words: Sequence[str]) -> None:
        names = {word for word in words if word in self.names}
        numbers = {word for word in words if word[0].isdigit()}
        for feature, wanted in (("names", names), ("numbers", numbers)):
            if wanted:
                held = [len(wanted & self._marks[number]) / len(wanted) for number in candidates]
                table[feature] = np.array(held, dtype=np.float32)


def _names(sections: Sequence[Section]) -> frozenset[str]:
    """Return the words that stand capitalised within sentences, more often than in small letters."""
    capitalised: Counter[str] = Counter()
    all_words: Counter[str] = Counter()
    for section in sections:
        for text in section.texts.values():
            capitalised.update(name.lower() for name in _CAPITALISED.findall(text.body))
            all_words.update(words_of(text.body))
    return frozenset(
        name for name, count in capitalised.items() if count >= _SEEN_OFTEN and count * 2 > all_words[name]
    )


def _marks(section: Section, names: frozenset[str]) -> frozenset[str]:
    """Return the names and numbers in a section's texts and ways of asking."""
    texts = [f"{text.heading} {text.body}" for text in section.texts.values()]
    texts += [variant for variants in section.asked.values() for variant in variants]
    words = {word for text in texts for word in words_of(text)}
    return frozenset(word for word in words if word in names or word[0].isdigit())


def _sides(sections: Sequence[Section], asked: Platform) -> NDArray[np.float32]:
    """Return 1 for the sections of that side, -1 for those of the other, 0 for those of both."""
    sides = [section.platform for section in sections]
    return np.array([(side is not Platform.BOTH) * (1 if side is asked else -1) for side in sides], np.float32)


def _where(truths: Sequence[bool]) -> NDArray[np.float32]:
    return np.array(truths, dtype=np.float32)
