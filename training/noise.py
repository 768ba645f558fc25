"""Chat spelling made from proper text: abbreviations, missing vowels, slips of the thumb."""

import random
import re
from collections.abc import Mapping, Sequence

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


class ChatSpelling:
    """Spells words as in a chat. `slang` maps a standard word to its chat spellings."""

    def __init__(self, slang: Mapping[str, Sequence[str]], seed: int = 5) -> None:
        self._slang = slang
        self._random = random.Random(seed)

    def __call__(self, text: str, slang_share: float = 0.4, slip_share: float = 0.06) -> str:
        """Return the text with about these shares of its words as slang and with slips."""
        return " ".join(self._word(word, slang_share, slip_share) for word in text.lower().split())

    def _word(self, word: str, slang_share: float, slip_share: float) -> str:
        if word in self._slang and self._random.random() < slang_share:
            return self._random.choice(self._slang[word])
        return self._slip(word) if self._random.random() < slip_share else word

    def _slip(self, word: str) -> str:
        if len(word) < 4:
            return word
        kind, at = self._random.random(), self._random.randrange(1, len(word) - 1)
        if kind < 0.25:
            return word[:at] + word[at + 1 :]
        if kind < 0.5:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind < 0.65:
            return word[:at] + word[at] + word[at:]
        if kind < 0.85:
            return word[0] + re.sub("[aiueo]", "", word[1:-1]) + word[-1]
        return word[:at] + self._random.choice(_ALPHABET) + word[at + 1 :]
