"""A tiny encoder in the form of the bundled model: random layers over a few words, written as training writes it."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from tests.tiny_models import AXES
from training.transformer_model import SPECIAL, TrainableTransformer, framed


def trainable(seed: int = 7) -> TrainableTransformer:
    """Return a BERT of two layers with random weights over the words of the tiny models."""
    words = [*SPECIAL, "berapa", "##nya", *" ".join(AXES).split()]
    tokenizer = Tokenizer(models.WordPiece({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    return TrainableTransformer(BertModel(config), framed(tokenizer))


def save_encoder(folder: Path, seed: int = 7) -> Path:
    """Write the tiny encoder as it would ship."""
    from training.export import export

    export(trainable(seed), folder)
    return folder
