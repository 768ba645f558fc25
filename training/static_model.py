"""A static embedding model while it is trained: one vector per word piece, a text is the mean of its pieces."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from torch.nn import functional

_LONGEST = 160


class TrainableStatic:
    """The vectors of a static sentence-transformers model, open for training."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self._model = SentenceTransformer(str(folder), device="cpu")
        self._tokenizer = self._model.tokenizer
        self._table = torch.nn.Module.get_submodule(self._model[0], "embedding")
        self.vectors = torch.nn.Parameter(torch.as_tensor(self._table.weight).detach().clone().float())
        self._random = random.Random(seed)

    def encode(self, texts: Sequence[str], dropped: float = 0.3) -> torch.Tensor:
        """Return unit vectors, shape (len(texts), dimension); `dropped` is the share of pieces left out at random."""
        pieces = [
            encoding.ids[:_LONGEST] or [1]
            for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ]
        kept = [self._thinned(ids, dropped) for ids in pieces]
        starts = np.cumsum([0, *(len(ids) for ids in kept[:-1])])
        flat = torch.tensor([piece for ids in kept for piece in ids])
        means = functional.embedding_bag(flat, self.vectors, torch.tensor(starts), mode="mean")
        return functional.normalize(means, dim=-1)

    def _thinned(self, ids: list[int], dropped: float) -> list[int]:
        if not dropped or len(ids) <= 3:
            return ids
        return [piece for piece in ids if self._random.random() > dropped] or ids

    def save(self, folder: Path) -> None:
        """Write it as a sentence-transformers folder with 8-bit vectors and one scale per row.

        `StaticEmbedding.load` of sentence-transformers 6.2 multiplies them back to 32 bits by itself.
        """
        self._table.load_state_dict({"weight": self.vectors.detach()})
        self._model.save(str(folder), create_model_card=False)
        path = folder / "model.safetensors"
        weight = load_file(path)["embedding.weight"].astype(np.float32)
        scale = np.maximum(np.abs(weight).max(axis=1) / 127, 1e-12)
        rows = np.clip(np.round(weight / scale[:, None]), -127, 127).astype(np.int8)
        save_file({"embeddings": rows, "weights": scale.astype(np.float32)}, path)
        path.chmod(0o644)
        tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        (folder / "tokenizer.json").write_text(
            json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
        )


def contrastive(one: torch.Tensor, other: torch.Tensor, scale: float = 16.0) -> torch.Tensor:
    """Return the symmetric in-batch loss (Henderson et al. 2017): row i belongs to row i."""
    scores = scale * one @ other.T
    wanted = torch.arange(len(one))
    return (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted)) / 2
