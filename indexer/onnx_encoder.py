"""A sentence encoder in one ONNX file: several times quicker on a CPU than the same layers in torch.

The file takes the word pieces of one text (`input_ids`, shape (1, n)) and gives its unit vector, shape (1, dimension);
`tokenizer.json` beside it makes the word pieces. `python -m training` writes both.
"""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

ENCODER = "sentence_encoder.onnx"
TOKENIZER = "tokenizer.json"
# As many word pieces of a text as the encoder reads; hardly a section has more.
LONGEST = 256
_ERRORS_ONLY = 3


@dataclass(frozen=True)
class OnnxEncoder:
    """An opened encoder. Safe to use from several threads."""

    session: InferenceSession
    tokenizer: Tokenizer
    fingerprint: str

    @classmethod
    def open(cls, folder: Path) -> "OnnxEncoder":
        """Open a folder with an encoder and its tokenizer; raises what the libraries raise where they are broken."""
        options = SessionOptions()
        # One thread a text: more of them wait for each other longer than these small layers take.
        options.intra_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        model, words = (folder / ENCODER).read_bytes(), (folder / TOKENIZER).read_bytes()
        session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_str(words.decode("utf-8"))
        tokenizer.enable_truncation(LONGEST)
        tokenizer.no_padding()
        return cls(session, tokenizer, hashlib.sha256(model + words).hexdigest()[:16])

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.session.get_outputs()[0].shape[-1])

    @property
    def pieces(self) -> frozenset[str]:
        """The word pieces that the tokenizer knows."""
        return frozenset(self.tokenizer.get_vocab())

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector per question, shape (len(texts), dimension)."""
        return self._stacked([self._vector(text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same for texts of the knowledge, on all cores."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return self._stacked(list(pool.map(self._vector, texts)))

    def _vector(self, text: str) -> NDArray[np.float32]:
        """Encode one text by itself: in a batch, 8-bit layers would round it by the texts that lie beside it."""
        ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
        (vectors,) = self.session.run(None, {"input_ids": ids})
        return np.asarray(vectors[0], dtype=np.float32)

    def _stacked(self, vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        return np.stack(vectors) if vectors else np.zeros((0, self.dimension), dtype=np.float32)
