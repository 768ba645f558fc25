"""A small bilingual transformer while it is trained: the teacher's layers over word pieces of both languages."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from torch.nn import functional
from transformers import AutoModel, BertModel

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_NEIGHBOURS = 5
_SHARPNESS = 12.0


class TrainableTransformer:
    """A BERT encoder with mean pooling, open for training. Texts become unit vectors."""

    def __init__(self, bert: BertModel, tokenizer: Tokenizer, seed: int = 0) -> None:
        self.bert = bert.train()
        # Word pieces are dropped instead of activations.
        for module in bert.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        self.tokenizer = tokenizer
        self._random = random.Random(seed)

    @classmethod
    def grown(cls, teacher: Path, pieces: Path) -> "TrainableTransformer":
        """Start from the teacher's layers, with the word pieces of a static bilingual model.

        A piece that the teacher knows keeps its row; another one gets the mean of the rows of the five English pieces
        that lie nearest to it in the static model, weighted by how near they are.
        """
        bert = AutoModel.from_pretrained(str(teacher), dtype=torch.float32)
        known = json.loads((teacher / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
        static = SentenceTransformer(str(pieces), device="cpu")
        described = json.loads((pieces / "tokenizer.json").read_text(encoding="utf-8"))
        vocabulary = described["model"]["vocab"]
        names = [*SPECIAL, *(piece for piece in vocabulary if piece not in SPECIAL)]
        table = torch.as_tensor(torch.nn.Module.get_submodule(static[0], "embedding").weight).detach().float()
        rows = _rows(names, vocabulary, table, known, bert.embeddings.word_embeddings.weight.detach())
        bert.resize_token_embeddings(len(names), mean_resizing=False)
        bert.embeddings.word_embeddings.weight.data.copy_(rows)
        described["model"]["vocab"] = {piece: number for number, piece in enumerate(names)}
        tokenizer = Tokenizer.from_str(json.dumps(described))
        return cls(bert, framed(tokenizer))

    @classmethod
    def load(cls, folder: Path) -> "TrainableTransformer":
        """Open what `save` wrote."""
        return cls(
            AutoModel.from_pretrained(str(folder), dtype=torch.float32),
            framed(Tokenizer.from_file(str(folder / "tokenizer.json"))),
        )

    def save(self, folder: Path) -> None:
        """Write the weights in 32 bits and the tokenizer; `training.export` makes the bundled model of them."""
        folder.mkdir(parents=True, exist_ok=True)
        self.bert.save_pretrained(str(folder))
        self.tokenizer.save(str(folder / "tokenizer.json"))

    def parameter_groups(self, rows_share: float) -> list[dict[str, object]]:
        """Return what is trained; `rows_share` is how much faster the rows of the word pieces learn than the layers."""
        rows = [self.bert.embeddings.word_embeddings.weight]
        layers = [
            parameter
            for name, parameter in self.bert.named_parameters()
            if "word_embeddings" not in name and "pooler" not in name
        ]
        return [{"params": rows, "share": rows_share}, {"params": layers, "share": 1.0}]

    def encode(self, texts: Sequence[str], dropped: float = 0.1, longest: int = 64) -> torch.Tensor:
        """Return unit vectors, shape (len(texts), dimension); `dropped` is the share of pieces left out at random.

        Texts of like length go through the layers together, so that little is spent on padding.
        """
        pieces = [
            self._thinned(encoding.ids, dropped, longest) for encoding in self.tokenizer.encode_batch(list(texts))
        ]
        order = sorted(range(len(pieces)), key=lambda number: len(pieces[number]))
        chunks = [order[start : start + 128] for start in range(0, len(order), 128)]
        vectors = torch.cat([self._pooled([pieces[number] for number in chunk]) for chunk in chunks])
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return functional.normalize(vectors[back], dim=-1)

    def _thinned(self, ids: list[int], dropped: float, longest: int) -> list[int]:
        first, inner, last = ids[:1], ids[1:-1][: longest - 2], ids[-1:]
        if dropped and len(inner) > 3:
            inner = [piece for piece in inner if self._random.random() > dropped] or inner
        return first + inner + last

    def _pooled(self, pieces: Sequence[list[int]]) -> torch.Tensor:
        width = max(len(ids) for ids in pieces)
        ids = torch.tensor([row + [0] * (width - len(row)) for row in pieces])
        mask = torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in pieces])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.bert(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        sums: torch.Tensor = (hidden.float() * mask[..., None]).sum(1)
        return sums / mask.sum(1, keepdim=True)


def _rows(
    names: Sequence[str],
    vocabulary: dict[str, int],
    table: torch.Tensor,
    known: dict[str, int],
    teacher: torch.Tensor,
) -> torch.Tensor:
    """Return a row per piece, shape (len(names), width of the teacher)."""
    shared = [piece for piece in vocabulary if piece in known and not piece.startswith("[")]
    anchors = functional.normalize(table[[vocabulary[piece] for piece in shared]], dim=-1)
    anchor_rows = teacher[[known[piece] for piece in shared]]
    rows = torch.zeros(len(names), teacher.shape[1])
    for number, piece in enumerate(names):
        if piece in known:
            rows[number] = teacher[known[piece]]
        elif piece in vocabulary:
            near = (functional.normalize(table[vocabulary[piece]], dim=-1) @ anchors.T).topk(_NEIGHBOURS)
            weights = functional.softmax(near.values * _SHARPNESS, dim=-1)
            rows[number] = weights @ anchor_rows[near.indices]
    return rows


def framed(tokenizer: Tokenizer) -> Tokenizer:
    """Put each text between [CLS] and [SEP], as the teacher's layers expect it."""
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")],
    )
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
