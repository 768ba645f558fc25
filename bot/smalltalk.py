"""Messages that are no questions: greetings, thanks, who are you, tests, insults."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from indexer.glossary import words_of

PHRASES = Path(__file__).parent / "phrases.yaml"
# These may stand before a question; the others count only as the whole message ("cek resi" is no test).
_INTRODUCTIONS = frozenset({"greeting", "thanks", "acknowledgement", "help"})
_APOSTROPHE = "['’]"


@dataclass(frozen=True)
class Talk:
    """The kind of small talk in a message (None where there is none), and what of the message is left beside it."""

    kind: str | None
    rest: str


@dataclass(frozen=True)
class _Phrases:
    kinds: dict[tuple[str, ...], str]
    fillers: frozenset[str]
    address: re.Pattern[str]
    longest: int


@cache
def _phrases() -> _Phrases:
    record = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    fillers = frozenset(record.pop("fillers").split())
    words = "|".join(record.pop("address").split())
    address = re.compile(rf"^(?:(?:{words})\b[\s,.!]*)+|(?:[\s,.!]+(?:{words}))+(?=[\s?.!]*$)", re.IGNORECASE)
    kinds = {tuple(words_of(line)): kind for kind, lines in record.items() for line in str(lines).splitlines() if line}
    return _Phrases(kinds, fillers, address, max(map(len, kinds)))


def split_talk(text: str) -> Talk:
    """Take the small talk off the start of a message.

    A message of nothing else has no rest; of several kinds in it the last one counts ("oke makasih" is thanks).
    """
    words = words_of(re.sub(_APOSTROPHE, "", text))
    kinds: list[str] = []
    start = _taken_from_start(words, kinds, frozenset(_phrases().kinds.values()))
    if start == len(words):
        return Talk(kinds[-1] if kinds else ("greeting" if words else None), "")
    kinds.clear()
    start = _taken_from_start(words, kinds, _INTRODUCTIONS)
    return Talk(kinds[-1] if kinds else None, _rest(text, words[:start]) if kinds else text)


def without_fillers(text: str) -> str:
    """Return the text without the words of address and politeness that may stand around anything."""
    return " ".join(word for word in words_of(text) if word not in _phrases().fillers)


def without_address(text: str) -> str:
    """Return the text without the words of address around it ("kak, komisi berapa ya?" asks "komisi berapa?")."""
    return _phrases().address.sub("", text).strip() or text


def _taken_from_start(words: list[str], kinds: list[str], wanted: frozenset[str]) -> int:
    """Return how many words from the start on are small talk of the wanted kinds or fillers; the kinds are added."""
    position = 0
    while position < len(words):
        size, kind = _phrase_at(words, position)
        if kind in wanted:
            kinds.append(kind)
        elif words[position] in _phrases().fillers:
            size = 1
        else:
            break
        position += size
    return position


def _phrase_at(words: list[str], position: int) -> tuple[int, str]:
    """Return the length and kind of the longest phrase there, or (0, "")."""
    phrases = _phrases()
    for size in range(min(phrases.longest, len(words) - position), 0, -1):
        kind = phrases.kinds.get(tuple(words[position : position + size]))
        if kind:
            return size, kind
    return 0, ""


def _rest(text: str, words_taken: list[str]) -> str:
    """Return the text after its first words, as it was typed."""
    position = 0
    for word in words_taken:
        as_typed = re.compile(f"{_APOSTROPHE}?".join(map(re.escape, word)), re.IGNORECASE)
        found = as_typed.search(text, position)
        position = found.end() if found else position
    return text[position:].lstrip(" ,.!?:;-–\n")
