"""An optional second look: a cross-encoder reads the question together with each of the best sections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.faults import ModelError
from indexer.sections import LANGUAGES, Language, Section
from indexer.settings import IndexSettings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RERANKED = 10
# A section that the cross-encoder is sure of gains this much over one that it is sure does not answer. The first
# score lies between 0 and about 1.1; a margin of 0.3 there is decisive (`bot/decisions.json`).
WEIGHT = 0.3


@dataclass(frozen=True)
class Reranker:
    """A loaded cross-encoder with one output: how well a text answers a question."""

    name: str
    model: "CrossEncoder"

    def probabilities(self, question: str, sections: Sequence[Section]) -> NDArray[np.float32]:
        """Return for each section how probable it is to answer, 0 to 1, in the language in which it answers better."""
        pairs = [(question, _text(section, language)) for section in sections for language in LANGUAGES]
        scores = np.asarray(self.model.predict(pairs, show_progress_bar=False, apply_softmax=False), dtype=np.float32)
        return np.asarray(scores.reshape(len(sections), len(LANGUAGES)).max(axis=1), dtype=np.float32)

    def order(self, question: str, sections: Sequence[Section], scores: Sequence[float]) -> list[int]:
        """Return the positions of the sections in their order by score and cross-encoder together."""
        together = np.array(scores) + WEIGHT * self.probabilities(question, sections)
        return [int(position) for position in np.argsort(-together, kind="stable")]


def load_reranker(settings: IndexSettings) -> Reranker | None:
    """Return the cross-encoder that RERANKER_MODEL names, or None where it is not set.

    Raises:
        ModelError: it is not there, cannot be read, or gives more than one number for a pair.
    """
    name = settings.reranker_model
    if not name:
        return None
    try:
        # The library brings torch, which the search does not need without a cross-encoder.
        from sentence_transformers import CrossEncoder  # noqa: PLC0415
        from torch.nn import Sigmoid  # noqa: PLC0415

        model = CrossEncoder(name, device=settings.embedding_device, trust_remote_code=False, activation_fn=Sigmoid())
        outputs = model.num_labels
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = (
            f"the cross-encoder `{name}` cannot be loaded ({reason}); "
            "set RERANKER_MODEL to a model folder or a hub name that this machine reaches, or leave it empty."
        )
        raise ModelError(message) from error
    if outputs != 1:
        raise ModelError(f"the cross-encoder `{name}` gives {outputs} numbers for a pair; choose one that gives one.")
    return Reranker(name, model)


def _text(section: Section, language: Language) -> str:
    text = section.text(language)
    return f"{text.heading}\n{text.body}"
