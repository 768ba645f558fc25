"""Any sentence-transformers model, from a folder or a hub, with its prefixes for questions and texts."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.settings import IndexSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Models that were trained with a prefix and do not say so in their own files.
KNOWN_PROMPTS = {"e5": ("query: ", "passage: ")}


@dataclass(frozen=True)
class HubEncoder:
    """A loaded model. `fingerprint` is made of its weights, words and prefixes."""

    model: "SentenceTransformer"
    query_prompt: str | None
    passage_prompt: str | None
    fingerprint: str

    @classmethod
    def open(cls, source: str, settings: IndexSettings) -> "HubEncoder":
        """Load a model folder, or a hub model by its name; raises what the library raises where that fails."""
        # The library brings torch, which takes seconds and some 300 MB that the bundled model does not need.
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        model = SentenceTransformer(source, device=settings.embedding_device, trust_remote_code=False)
        query, passage = _prompts(model, settings)
        return cls(model, query, passage, _fingerprint(model, query, passage))

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    @property
    def pieces(self) -> frozenset[str]:
        """The word pieces that the model's tokenizer knows."""
        vocabulary: dict[str, int] = getattr(self.model.tokenizer, "get_vocab", dict)()
        return frozenset(vocabulary)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector per question, shape (len(texts), dimension)."""
        return np.asarray(self.model.encode_query(list(texts), prompt=self.query_prompt, show_progress_bar=False))

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same for texts of the knowledge."""
        return np.asarray(self.model.encode_document(list(texts), prompt=self.passage_prompt, show_progress_bar=False))


def _prompts(model: "SentenceTransformer", settings: IndexSettings) -> tuple[str | None, str | None]:
    """Return the prompts to use: the settings', else the model's own, else the ones known for its family."""
    own = (_own(model, ("query",)), _own(model, ("document", "passage", "corpus")))
    words = re.split(r"[^a-z0-9]+", Path(settings.embedding_model).name.lower())
    known = next((pair for family, pair in KNOWN_PROMPTS.items() if family in words), (None, None))
    query, passage = own if any(model.prompts.values()) else known
    if settings.embedding_query_prompt is not None:
        query = settings.embedding_query_prompt
    if settings.embedding_passage_prompt is not None:
        passage = settings.embedding_passage_prompt
    return query, passage


def _own(model: "SentenceTransformer", names: Sequence[str]) -> str | None:
    """Return the model's first prompt of those names that says something: the library adds empty ones beside it."""
    return next((model.prompts[name] for name in names if model.prompts.get(name)), None)


def _fingerprint(model: "SentenceTransformer", query: str | None, passage: str | None) -> str:
    """Return a hash of everything that shapes a vector: weights, words, prefixes, length, and how pieces are pooled."""
    shape = (query, passage, sorted(model.prompts.items()), model.max_seq_length, str(model))
    digest = hashlib.sha256(repr(shape).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    digest.update(tokenizer.to_str().encode() if hasattr(tokenizer, "to_str") else b"")
    return digest.hexdigest()[:16]
