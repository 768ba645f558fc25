"""Which details of the facts behind a section belong in the answer: what the question asks for, as far as it fits."""

import re
from collections.abc import Mapping, Sequence

from indexer.glossary import words_of

# An answer, sources included, is at most this long if details are what makes it long; one always may be added.
LONGEST_WITH_DETAILS = 700
MOST_DETAILS = 2
# A detail is worth its place if this share of what it says, by weight of its words, is not in the answer yet.
_NEW = 0.3
_STEM = 6
_MARKS = re.compile(r"[*_`]")


def fitting_details(details: Sequence[str], asked: Mapping[str, float], said: str) -> list[str]:
    """Return the details to be added to an answer that says `said`, in the order in which the facts give them.

    `asked` are the words of the question and what is like them, each with its weight: the rarer the heavier.
    """
    room = LONGEST_WITH_DETAILS - len(said)
    weights = {_stem(word): weight for word, weight in asked.items()}
    known = _stems(said)
    chosen: list[str] = []
    for detail in sorted(details, key=lambda text: -_share(_stems(text), weights)):
        stems = _stems(detail)
        if not stems or len(stems - known) / len(stems) < _NEW or (chosen and len(detail) > room):
            continue
        chosen.append(detail)
        known |= stems
        room -= len(detail) + 1
        if len(chosen) == MOST_DETAILS:
            break
    return [detail for detail in details if detail in chosen]


def _share(stems: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(stem, 0.0) for stem in stems)


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in words_of(_MARKS.sub("", text).lower()))


def _stem(word: str) -> str:
    return word[:_STEM]
