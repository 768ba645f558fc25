"""Mending slips of the thumb: an unknown word becomes the known one that is one edit away."""

from collections.abc import Iterable, Mapping

from symspellpy import SymSpell, Verbosity

# Shorter words have too many neighbours: "cair", "cari" and "cara" are one edit apart.
SHORTEST = 5
_RARE = 2


class SpellingCorrector:
    """Corrects words by a lexicon. Words that it holds, and protected ones, are never touched.

    One edit is a letter left out, added, changed, or swapped with its neighbour (Damerau 1964); the first letter is
    taken to be right. Among several candidates the more frequent one wins.
    """

    def __init__(self, frequency: Mapping[str, int], protected: Iterable[str] = ()) -> None:
        """Take the lexicon: each word with the number of texts that hold it."""
        self._known = {*frequency, *protected}
        self._symspell = SymSpell(max_dictionary_edit_distance=1, prefix_length=7)
        for word, count in frequency.items():
            if count >= _RARE and len(word) >= SHORTEST - 1 and word.isalpha():
                self._symspell.create_dictionary_entry(word, count)

    def corrected(self, word: str) -> str:
        """Return the word, mended if it is unknown and one edit away from a known one."""
        if len(word) < SHORTEST or not word.isalpha() or word in self._known:
            return word
        found = self._symspell.lookup(word, Verbosity.ALL, max_edit_distance=1)
        candidates = [candidate for candidate in found if candidate.term[0] == word[0]]
        return max(candidates, key=lambda candidate: candidate.count).term if candidates else word
