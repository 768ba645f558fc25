"""Tiny real sentence-transformers models, made on disk without a network.

`save_word_model`: each word of `AXES` points along an axis of its own, words of one meaning along the same one, any
other word nowhere; a text is the mean of its words. So the similarity of "komisi ongkir" and "what commission?" is
cos(45°) = 0.71, and a reader can work it out in the head.

`save_transformer`: a BERT of two layers with random weights, in the form in which hub models are stored.
"""

from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, StaticEmbedding, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel, BertTokenizer

AXES = (
    "komisi commission",
    "ongkir shipping",
    "saldo balance cair paid",
    "pajak tax",
    "aturan rule",
    "tutup closing closed",
    "shopee",
    "query",
    "passage",
    "tokopedia tiktok",
    "sekarang now",
)


def save_word_model(folder: Path, scale: float = 1.0, prompts: dict[str, str] | None = None) -> Path:
    """Save the model whose similarities can be worked out in the head; `scale` changes its weights, not its angles."""
    vocabulary = {"[UNK]": 0}
    vectors = [np.zeros(len(AXES))]
    for axis, words in enumerate(AXES):
        for word in words.split():
            vocabulary[word] = len(vocabulary)
            vectors.append(np.eye(len(AXES))[axis])
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    module = StaticEmbedding(tokenizer, embedding_weights=np.array(vectors, dtype=np.float32) * scale)
    return _save([module], folder, prompts)


def save_transformer(folder: Path, prompts: dict[str, str] | None = None) -> Path:
    """Save a tiny transformer with mean pooling, as a folder that `SentenceTransformer` loads by itself."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", "?", *" ".join(AXES).split()]
    raw = folder.with_name(f"{folder.name}-raw")
    raw.mkdir(parents=True)
    (raw / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(raw)
    BertTokenizer(str(raw / "vocab.txt")).save_pretrained(raw)
    return _save([Transformer(str(raw), max_seq_length=48), Pooling(32), Normalize()], folder, prompts)


def _save(modules: list[torch.nn.Module], folder: Path, prompts: dict[str, str] | None) -> Path:
    model = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
    model.save(str(folder), create_model_card=False)
    return folder
