"""Finding by words: BM25 over the same texts that have vectors."""

import math
from collections import Counter
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from indexer.glossary import words_of
from indexer.keys import Key
from indexer.question_forms import QuestionForms


class KeywordIndex:
    """BM25 (Lucene's form) with one document per section: all its keys in both languages.

    Scores are divided by what a section that holds every word of the question could reach at most, so they
    lie between 0 and 1 and tell how much of the question, by weight of its words, a section covers. A word that
    no section holds counts with the highest weight: a question full of unknown words is far from everything.
    `frequency` is the lexicon: each word with the number of keys that hold it.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        self.sections = list(dict.fromkeys(key.section for key in keys))
        texts: dict[str, list[str]] = {section: [] for section in self.sections}
        self.frequency: Counter[str] = Counter()
        for key in keys:
            words = words_of(key.text)
            texts[key.section] += words
            self.frequency.update(set(words))
        documents = list(texts.values())
        self._holding = Counter(word for document in documents for word in set(document))
        self._bm25 = bm25s.BM25(method="lucene")
        self._bm25.index(documents, show_progress=False)

    def scores(self, forms: QuestionForms) -> NDArray[np.float32]:
        """Return the share of the question that each section covers, in the order of `sections`."""
        known = [word for word in forms.words if word in self._holding]
        reachable = self.information(forms)
        if not known or not reachable:
            return np.zeros(len(self.sections), dtype=np.float32)
        raw = self._bm25.get_scores(known)
        shares: NDArray[np.float32] = np.minimum(np.asarray(raw, dtype=np.float32) / reachable, 1.0).astype(np.float32)
        return shares

    def information(self, forms: QuestionForms) -> float:
        """Return the summed weight of a question's words: how much it says, whatever it is found with."""
        return sum(self._weight(word) for word in words_of(forms.full))

    def weights(self, forms: QuestionForms) -> dict[str, float]:
        """Return each word of a question, as typed, in full and further ones, with its weight."""
        return {word: self._weight(word) for word in forms.words}

    def _weight(self, word: str) -> float:
        """Return the inverse document frequency of BM25 in Lucene's form."""
        count, holding = len(self.sections), self._holding.get(word, 0)
        return math.log(1 + (count - holding + 0.5) / (holding + 0.5))
