"""Which language a message is written in, learned from the words of the knowledge itself."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from indexer.glossary import words_of
from indexer.keys import Key
from indexer.sections import LANGUAGES, Language

# Words that decide what the reply should be in, whatever trade terms stand around them.
_FUNCTION_WORDS: Mapping[Language, str] = {
    "id": """
        yang yg di ke dari dan atau ini itu apa apakah berapa brp kenapa knp gimana gmn bagaimana kapan siapa
        mana dimana gak ga nggak ngga tidak tdk bukan udah udh sudah sdh belum blm bisa bs ya yah dong sih kok
        nih deh kalau kalo klo kl saya sy aku gue gw gua kamu kak min gan mau pengen harus wajib masih jadi jd
        sama sm buat utk untuk dgn dengan pake pakai kena dapet dapat ada terus trus lagi lg juga jg tapi tp
        karena krn soalnya cara caranya biar banget bgt piye iki opo teu naha kumaha
    """,
    "en": """
        the a an is are was were do does did how what why when who where which can could should would will my
        your i you we they it to of in on for from with and or if not no but there this that have has had get
        got need want after before still than then
    """,
}
_FUNCTION_WEIGHT = 2.5
_SMOOTHING = 0.5


class LanguageGuesser:
    """Naive Bayes over words and three-letter pieces."""

    def __init__(self, keys: Iterable[Key]) -> None:
        counts: dict[Language, Counter[str]] = {language: Counter() for language in LANGUAGES}
        for key in keys:
            counts[key.language].update(_pieces(key.text))
        totals = {language: sum(counter.values()) or 1 for language, counter in counts.items()}
        self._odds = {
            piece: math.log((counts["id"][piece] + _SMOOTHING) / totals["id"])
            - math.log((counts["en"][piece] + _SMOOTHING) / totals["en"])
            for piece in counts["id"] | counts["en"]
        }
        self._function_words = {
            word: _FUNCTION_WEIGHT if language == "id" else -_FUNCTION_WEIGHT
            for language, words in _FUNCTION_WORDS.items()
            for word in words.split()
        }

    def guess(self, text: str, otherwise: Language = "id") -> Language:
        """Return the language of a message; `otherwise` where its words say nothing."""
        odds = self.odds(text)
        if abs(odds) < 0.5:
            return otherwise
        return "id" if odds > 0 else "en"

    def odds(self, text: str) -> float:
        """Return the evidence for Indonesian (above zero) or English (below)."""
        evidence = sum(self._function_words.get(word, 0.0) for word in words_of(text))
        pieces = _pieces(text)
        learned = sum(self._odds.get(piece, 0.0) for piece in pieces)
        return evidence + learned / max(1.0, math.sqrt(len(pieces)))


def _pieces(text: str) -> list[str]:
    words = [word for word in words_of(text) if word.isalpha()]
    trigrams = [f"·{word}·"[start : start + 3] for word in words for start in range(len(word))]
    return words + trigrams
