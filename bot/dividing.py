"""The questions in one message: where it is cut, and which pieces ask something."""

import re

from indexer.glossary import words_of

_JOINER = (
    r"(?:dan juga|sama juga|and also|dan|sama(?!\s+dengan)|terus|trus|trs|lalu|sekalian|and|also|then|"
    r"satu lagi|1 lagi|btw|oh ya)"
)
# The end of a sentence or line, a comma, or a joining word that stands between words; the joining words go.
_CUT = re.compile(
    rf"(?<=[?!])\s*(?:{_JOINER}\s+)*|[\n;]+(?:{_JOINER}\s+)*|(?<=[^\d\s]{{2}})\.\s+(?:{_JOINER}\s+)*|"
    rf",(?=\s)\s*(?:{_JOINER}\s+)*|\s+(?:{_JOINER}\s+)+",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:apa|apaan|apakah|berapa|brp|brapa|gimana|gmn|gmna|bagaimana|kapan|kpn|kenapa|knp|mengapa|siapa|mana|dimana|"
    r"caranya|cara|ga|gak|gk|nggak|ngga|enggak|tidak|bisa|bs|bisakah|boleh|wajib|perlu|harus|\w{3,}kah|"
    r"how|what|whats|when|why|who|where|which|is|are|do|does|did|can|could|must|should|will)\b",
    re.IGNORECASE,
)
# "A dan B bedanya apa", "which is better, A or B": one question about two things, whatever stands between them.
_COMPARES = re.compile(
    r"\b(?:beda|bedanya|bedain|perbedaan|dibanding\w*|mending|difference|differ\w*|versus|vs|compare\w*|better)\b",
    re.IGNORECASE,
)
FEWEST_WORDS = 2


def questions_in(text: str) -> list[str]:
    """Return the questions in a message, in their order; the whole message where it is one.

    A piece that asks nothing is said about the question after it, or, at the end, about the one before.
    """
    if _COMPARES.search(text):
        return [text]
    found: list[tuple[int, int]] = []
    waiting = 0
    for cut in _CUT.finditer(f"{text}\n"):
        if _is_question(text[waiting : cut.start()], text[:waiting]):
            found.append((waiting, cut.start()))
            waiting = cut.end()
    if len(found) < 2:
        return [text]
    found[-1] = (found[-1][0], len(text))
    return [text[start:end].strip(" ,.;\n") for start, end in found]


def _is_question(piece: str, before: str) -> bool:
    # A question mark alone makes a sentence a question ("ulasannya juga?"), not half of one ("… dan harga?").
    marked = "?" in piece and (not before or before.rstrip()[-1] in "?!.,;")
    return len(words_of(piece)) >= FEWEST_WORDS and (marked or bool(_ASKS.search(piece)))
