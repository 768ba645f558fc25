"""What the facts behind a section say, sentence by sentence: more than its short text, and checked all the same."""

import re
from collections.abc import Sequence

from indexer.facts import Fact
from indexer.sections import LANGUAGES, Language, Status

# A sentence ends before a capital, a figure or a quotation mark; not after an abbreviation or the "1." of a list.
_END = re.compile(r"(?<=[^\d\s][.!?])\s+(?=[A-Z0-9\"“(])|(?<=\d{2}[.!?])\s+(?=[A-Z\"“(])")
_ABBREVIATED = re.compile(r"(?:\b(?:No|Art|Rp|PT|Tbk|vs|dll|dsb|dkk|e\.g|i\.e|Inc|Ltd|Pte|Co|Jl|St|jo)|\b[A-Z])\.$")
_STEP = re.compile(r"\d{1,2}[.)]\s")
_SHORTEST = 25


def details_of(facts: Sequence[Fact], status: Status) -> dict[Language, tuple[str, ...]]:
    """Return the sentences of the facts that may stand beside a section of that status, in the facts' order.

    A fact that has ended says nothing beside a rule that holds, nor a doubtful one beside a sure one.
    """
    # A step of a list means nothing without the others.
    speaking = [fact for fact in facts if fact.status in (status, Status.IN_FORCE)]
    return {
        language: tuple(
            dict.fromkeys(s for fact in speaking for s in sentences(fact.texts[language]) if not _STEP.match(s))
        )
        for language in LANGUAGES
    }


def sentences(text: str) -> list[str]:
    """Return the sentences of a fact; what is too short to stand alone stays with the one before it."""
    found: list[str] = []
    for piece in _END.split(" ".join(text.split())):
        if found and (len(found[-1]) < _SHORTEST or _ABBREVIATED.search(found[-1])):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found
