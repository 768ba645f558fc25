"""The embedding model: the one that ships with the project, or any sentence-transformers model."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.faults import ModelError
from indexer.hub_encoder import HubEncoder
from indexer.onnx_encoder import ENCODER, OnnxEncoder
from indexer.settings import PROJECT, IndexSettings

BUNDLED = "bundled"
BUNDLED_FOLDER = PROJECT / "models" / "seller-id-en"

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Embedder:
    """A loaded model. Its fingerprint is made of its weights: the same name with other weights differs."""

    name: str
    encoder: HubEncoder | OnnxEncoder

    @property
    def fingerprint(self) -> str:
        """What tells this model from any other."""
        return self.encoder.fingerprint

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self.encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per question, shape (len(texts), dimension)."""
        return self._unit(self.encoder.encode_queries(texts))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text of the knowledge, shape (len(texts), dimension)."""
        return self._unit(self.encoder.encode_passages(texts))

    @property
    def words(self) -> frozenset[str]:
        """The whole words that the model's tokenizer knows: WordPiece marks the others by ##, SentencePiece these."""
        pieces = self.encoder.pieces
        marked = any(piece.startswith("▁") for piece in pieces)
        whole = (piece[1:] if marked else piece for piece in pieces if piece.startswith("▁") or not marked)
        return frozenset(word.lower() for word in whole if word.isalpha())

    @staticmethod
    def _unit(vectors: NDArray[np.float32]) -> Vectors:
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
        encoder = _open(source, settings)
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = (
            f"the embedding model `{name}` cannot be loaded ({reason}); "
            "set EMBEDDING_MODEL to `bundled`, a model folder, or a hub name that this machine reaches."
        )
        raise ModelError(message) from error
    return Embedder(_shown_name(name), encoder)


def _open(source: str, settings: IndexSettings) -> HubEncoder | OnnxEncoder:
    folder = Path(source)
    return OnnxEncoder.open(folder) if (folder / ENCODER).exists() else HubEncoder.open(source, settings)


def _shown_name(name: str) -> str:
    return Path(name).name if Path(name).is_dir() else name
