"""A question as it was typed, and as the texts would write it: what is searched for."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from indexer.glossary import Glossary, shortened, words_of
from indexer.numbers_in_words import unglued, with_figures
from indexer.spelling import SpellingCorrector


@dataclass(frozen=True)
class Steps:
    """The steps that prepare a question. Each can be switched off; `python -m benchmarks.ablation` shows what for."""

    letters: bool = True
    numbers: bool = True
    chat_words: bool = True
    further_words: bool = True
    spelling: bool = True

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of the steps, in the order in which they are taken."""
        return [step.name for step in fields(cls)]


@dataclass(frozen=True)
class QuestionForms:
    """`typed` is the question itself; `full` is it in full and mended words; `further` are those and the glossary's."""

    typed: str
    full: str
    further: str

    @property
    def to_embed(self) -> list[str]:
        """The forms that get a vector: only the question as typed, where it has no word to write out or to mend."""
        return [self.typed] if words_of(self.typed.lower()) == words_of(self.full) else [self.typed, self.full]

    @property
    def words(self) -> list[str]:
        """The words to look for: as typed, in full, and the further ones, each once."""
        return list(dict.fromkeys(word for text in (self.typed, self.full, self.further) for word in words_of(text)))


class QuestionReader:
    """Writes a question out.

    `frequency` is the lexicon: each word of the knowledge with how many texts hold it. `real_words` are no slips
    either, though the knowledge does not use them.
    """

    def __init__(
        self,
        glossary: Glossary,
        frequency: Mapping[str, int],
        steps: Steps | None = None,
        real_words: frozenset[str] = frozenset(),
    ) -> None:
        self._glossary = glossary
        self._steps = steps or Steps()
        self._corrector = SpellingCorrector(frequency, glossary.words | real_words)

    def forms(self, text: str) -> QuestionForms:
        """Return the forms of a question."""
        full = self._full(text)
        return QuestionForms(text, full, self._glossary.with_further(full) if self._steps.further_words else full)

    def _full(self, text: str) -> str:
        steps = self._steps
        lowered = shortened(text) if steps.letters else text.lower()
        words = words_of(unglued(lowered) if steps.numbers else lowered)
        if steps.spelling:
            words = [self._corrector.corrected(word) for word in words]
        if steps.chat_words:
            words = words_of(self._glossary.in_full(words))
        return " ".join(with_figures(words) if steps.numbers else words)
