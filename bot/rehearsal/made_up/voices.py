"""How made-up sellers type: tidy or in a hurry, with slips, with a word of their region; and made-up data."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.rehearsal.made_up.scripts import manners
from indexer.sections import Language

# How often each manner shortens a word, and slips in one.
_MANNERS = {
    "tidy": (0.0, 0.0), "plain": (0.3, 0.02), "hurried": (0.75, 0.08), "jawa": (0.4, 0.03), "sunda": (0.4, 0.03),
    "betawi": (0.6, 0.04), "medan": (0.4, 0.03),
}  # fmt: skip
_SHARES = (16, 38, 28, 7, 5, 4, 2)
_TOKEN = re.compile(r"\{\w+\}|[^\W\d_]+|.", re.DOTALL)
_BLANK = re.compile(r"\{(\w+)\}")
_SHORTEST_SLIP = 5


@dataclass
class Planted:
    """Makes personal data up, and keeps what it made: none of it may be found in the database."""

    random: Random
    made: list[str] = field(default_factory=list)

    def filled(self, text: str) -> str:
        """Return the text with made-up data in place of the words in braces."""
        return _BLANK.sub(lambda match: self._one(match[1]), text)

    def _one(self, kind: str) -> str:
        if kind in ("city", "name"):
            return str(self.random.choice(manners()["cities" if kind == "city" else "names"]))
        made = _MAKERS[kind](self.random)
        self.made.append(made)
        return made


@dataclass(frozen=True)
class Voice:
    """The manner of one seller; the same words are shortened the same way each time."""

    manner: str
    words: dict[str, str]

    def writes(self, text: str, language: Language, random: Random, first: bool) -> str:
        """Return the text as this seller types it; what stands in braces stays."""
        if language == "en":
            return _in_english(text, self.manner, random)
        shortens, slips = _MANNERS[self.manner]
        tokens = [self._token(token, shortens, slips, random) for token in _TOKEN.findall(text)]
        written = "".join(tokens).replace(" %", "%")
        if self.manner == "tidy":
            written = written[:1].upper() + written[1:]
        elif random.random() < shortens:
            written = written.rstrip("?.")
        opening = random.choice(manners()["openings"][self.manner]) if first else ""
        if opening and self.manner == "tidy":
            written = written[:1].lower() + written[1:]
        ending = random.choice(manners()["endings"][self.manner])
        if written.endswith(("?", ".", "!")):  # what goes on from a question with a word would read oddly
            ending = ending.lstrip(".") if ending.startswith(". ") else ""
        return f"{opening}{written}{'' if written.endswith(ending.strip() or '?') else ending}"

    def _token(self, token: str, shortens: float, slips: float, random: Random) -> str:
        if not token.isalpha():
            return token
        if token.lower() in self.words and random.random() < shortens:
            return self.words[token.lower()]
        return _slipped(token, random) if len(token) >= _SHORTEST_SLIP and random.random() < slips else token


def voice_of(random: Random) -> Voice:
    """Return a voice, by chance."""
    manner = random.choices(list(_MANNERS), _SHARES)[0]
    words = {word: random.choice(forms) for word, forms in manners()["short"].items()}
    return Voice(manner, {**words, **manners()["regional"].get(manner, {})})


def _in_english(text: str, manner: str, random: Random) -> str:
    if manner == "tidy":
        return text[:1].upper() + text[1:]
    written = text.lower() if "{" not in text and random.random() < _MANNERS[manner][0] else text
    return written.rstrip("?") if manner == "hurried" else written


def _slipped(word: str, random: Random) -> str:
    place = random.randrange(1, len(word) - 2)
    if random.random() < 1 / 2:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + word[place + 1 :]


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _phone(random: Random) -> str:
    start, middle, end = random.choice(("0812", "0857", "0878", "0896")), _digits(random, 4), _digits(random, 4)
    return random.choice((f"{start}{middle}{end}", f"{start}-{middle}-{end}", f"+62 {start[1:]} {middle} {end}"))


def _nik(random: Random) -> str:
    born = f"{random.randint(1, 28):02}{random.randint(1, 12):02}{random.randint(70, 99)}"
    return f"{random.choice(('3273', '3578', '1271', '3374'))}{random.randint(1, 30):02}{born}{_digits(random, 4)}"


def _email(random: Random) -> str:
    return f"{random.choice(manners()['names']).lower()}.{_digits(random, 3)}@example.com"


_MAKERS: dict[str, Callable[[Random], str]] = {
    "phone": _phone,
    "nik": _nik,
    "email": _email,
    "order": lambda random: f"57{_digits(random, 16)}",
    "receipt": lambda random: random.choice(("JP", "JX")) + _digits(random, 10),
    "account": lambda random: f"{random.randint(1, 8)}{_digits(random, 9)}",
}
