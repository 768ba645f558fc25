"""The embedding model: the one that ships with the project, or any sentence-transformers model."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from indexer.faults import ModelError
from indexer.settings import PROJECT, IndexSettings

BUNDLED = "bundled"
BUNDLED_FOLDER = PROJECT / "models" / "seller-id-en"
# Models that were trained with a prefix and do not say so in their own files.
KNOWN_PROMPTS = {"e5": ("query: ", "passage: ")}

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Embedder:
    """A loaded model. `fingerprint` is made of its weights and prompts: the same name with other weights differs."""

    name: str
    fingerprint: str
    model: SentenceTransformer
    query_prompt: str | None
    passage_prompt: str | None

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per question, shape (len(texts), dimension)."""
        return self._unit(self.model.encode_query(list(texts), prompt=self.query_prompt, show_progress_bar=False))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text of the knowledge, shape (len(texts), dimension)."""
        return self._unit(self.model.encode_document(list(texts), prompt=self.passage_prompt, show_progress_bar=False))

    @property
    def words(self) -> frozenset[str]:
        """The whole words that the model's tokenizer knows: WordPiece marks the others by ##, SentencePiece these."""
        pieces: dict[str, int] = getattr(self.model.tokenizer, "get_vocab", dict)()
        marked = any(piece.startswith("▁") for piece in pieces)
        whole = (piece[1:] if marked else piece for piece in pieces if piece.startswith("▁") or not marked)
        return frozenset(word.lower() for word in whole if word.isalpha())

    @staticmethod
    def _unit(vectors: object) -> Vectors:
        array = np.asarray(vectors, dtype=np.float32)
        if array.size == 0:
            return array.reshape(0, 0)
        lengths = np.linalg.norm(array, axis=1, keepdims=True)
        return np.asarray(array / np.maximum(lengths, 1e-12), dtype=np.float32)


def load_embedder(settings: IndexSettings) -> Embedder:
    """Load the configured model.

    Raises:
        ModelError: the model is not there or cannot be read.
    """
    name = settings.embedding_model
    source = str(BUNDLED_FOLDER) if name == BUNDLED else name
    try:
        model = SentenceTransformer(source, device=settings.embedding_device, trust_remote_code=False)
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = (
            f"the embedding model `{name}` cannot be loaded ({reason}); "
            "set EMBEDDING_MODEL to `bundled`, a model folder, or a hub name that this machine reaches."
        )
        raise ModelError(message) from error
    query, passage = _prompts(model, settings)
    return Embedder(_shown_name(name), _fingerprint(model, query, passage), model, query, passage)


def _shown_name(name: str) -> str:
    return Path(name).name if Path(name).is_dir() else name


def _prompts(model: SentenceTransformer, settings: IndexSettings) -> tuple[str | None, str | None]:
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


def _own(model: SentenceTransformer, names: Sequence[str]) -> str | None:
    """Return the model's first prompt of those names that says something: the library adds empty ones beside it."""
    return next((model.prompts[name] for name in names if model.prompts.get(name)), None)


def _fingerprint(model: SentenceTransformer, query: str | None, passage: str | None) -> str:
    digest = hashlib.sha256(repr((query, passage, sorted(model.prompts.items()), model.max_seq_length)).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    digest.update(tokenizer.to_str().encode() if hasattr(tokenizer, "to_str") else b"")
    return digest.hexdigest()[:16]
