from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from indexer.embedding import Embedder
from indexer.faults import ModelError
from indexer.reranking import WEIGHT, Reranker, load_reranker
from indexer.search import Retriever, Search
from indexer.settings import IndexSettings
from tests.sample_knowledge import TODAY

pytest_plugins = ["tests.indexes"]

WORDS = "komisi commission ongkir shipping saldo balance berapa how much kapan when mei 2024 sekarang toko biasa mall"


def save_cross_encoder(folder: Path, outputs: int = 1) -> Path:
    """Save a tiny cross-encoder with random weights, in the form in which hub models are stored."""
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split()]))
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(WORDS.split()) + 5, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, initializer_range=1.0, id2label={n: str(n) for n in range(outputs)},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    loaded = load_reranker(settings(save_cross_encoder(tmp_path_factory.mktemp("cross") / "model")))
    assert loaded is not None
    return loaded


def settings(model: Path | str | None) -> IndexSettings:
    return IndexSettings(_env_file=None, reranker_model=str(model) if model else None)


def test_without_the_setting_nothing_is_loaded() -> None:
    assert load_reranker(settings(None)) is None


def test_a_model_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere.* cannot be loaded .*set RERANKER_MODEL"):
        load_reranker(settings(tmp_path / "nowhere"))


def test_a_model_that_sorts_into_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gives 3 numbers for a pair"):
        load_reranker(settings(save_cross_encoder(tmp_path / "model", outputs=3)))


def test_the_best_sections_are_put_in_the_order_of_score_and_cross_encoder_together(
    retriever: Retriever, embedder: Embedder, reranker: Reranker
) -> None:
    asked = Search("komisi sekarang berapa", TODAY)
    plain = retriever.search(asked).hits
    again = Retriever(retriever.generation, embedder, reranker=reranker).search(asked).hits

    probabilities = reranker.probabilities(asked.text, [hit.section for hit in plain])
    assert np.all((probabilities >= 0) & (probabilities <= 1))
    together = {hit.section.id: hit.score + WEIGHT * p for hit, p in zip(plain, probabilities, strict=True)}
    order = [hit.section.id for hit in again]
    assert order == sorted(together, key=lambda section: -together[section])
    assert order != [hit.section.id for hit in plain]
    assert [hit.score for hit in again] == [hit.score for hit in plain]


def test_one_hit_or_none_needs_no_second_look(retriever: Retriever, embedder: Embedder, reranker: Reranker) -> None:
    second = Retriever(retriever.generation, embedder, reranker=reranker)

    for limit in (0, 1):
        asked = Search("komisi sekarang berapa", TODAY, limit=limit)
        assert second.search(asked).hits == retriever.search(asked).hits
