import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding import BUNDLED_FOLDER, Embedder, load_embedder
from indexer.faults import ModelError
from indexer.hub_encoder import HubEncoder
from indexer.settings import IndexSettings
from tests.indexes import load
from tests.tiny_models import save_transformer, save_word_model

pytest_plugins = ["tests.indexes"]
PROMPTS = {"query": "query: ", "passage": "passage: "}


def load_with(model: Path, query: str | None = None, passage: str | None = None) -> Embedder:
    prompts = {"embedding_query_prompt": query, "embedding_passage_prompt": passage}
    return load_embedder(IndexSettings.model_validate({"embedding_model": str(model), **prompts}))


def prompts_of(embedder: Embedder) -> tuple[str | None, str | None]:
    assert isinstance(embedder.encoder, HubEncoder)
    return embedder.encoder.query_prompt, embedder.encoder.passage_prompt


def similarity(embedder: Embedder, question: str, text: str) -> float:
    return float(embedder.encode_queries([question])[0] @ embedder.encode_passages([text])[0])


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the test wanted to go to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_the_bundled_model_loads_without_a_network(no_network: None) -> None:
    bundled = load("bundled")

    assert bundled.name == "bundled" and bundled.fingerprint
    assert bundled.encode_queries(["komisi"]).shape == (1, bundled.dimension)


def test_the_bundled_model_understands_both_languages() -> None:
    bundled = load("bundled")
    question = "kapan saldo saya cair?"

    assert similarity(bundled, question, "When is my balance paid out?") > similarity(
        bundled, question, "How do I return a parcel?"
    )


def test_the_bundled_model_is_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in BUNDLED_FOLDER.rglob("*") if path.is_file()) < 25 * 2**20


def test_similarities_of_the_word_model_can_be_worked_out_in_the_head(embedder: Embedder) -> None:
    assert similarity(embedder, "komisi", "commission") == pytest.approx(1)
    assert similarity(embedder, "komisi ongkir", "what commission?") == pytest.approx(0.7071, abs=0.001)
    assert similarity(embedder, "komisi", "ongkir") == pytest.approx(0)


def test_vectors_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.encode_passages(["komisi", "komisi ongkir pajak", "berapa komisi komisi ongkir"])

    assert vectors.dtype == np.float32 and vectors.shape == (3, 11)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert len(embedder.encode_passages([])) == len(embedder.encode_queries([])) == 0


@pytest.mark.parametrize("text", ["", " ", "🙂", "\x00", "x" * 60_000])
def test_no_text_breaks_a_model(embedder: Embedder, tmp_path: Path, text: str) -> None:
    for one in (embedder, load(save_transformer(tmp_path / "bert"))):
        assert np.isfinite(one.encode_queries([text])).all()
        assert np.isfinite(one.encode_passages(["komisi", text])).all()


def test_a_transformer_folder_as_on_a_hub_loads(tmp_path: Path, no_network: None) -> None:
    bert = load(save_transformer(tmp_path / "bert", PROMPTS))

    assert bert.encode_passages(["komisi", "ongkir"]).shape == (2, 32)
    assert similarity(load_with(tmp_path / "bert", "", ""), "komisi", "komisi") == pytest.approx(1, abs=1e-4)


def test_a_models_own_prompts_are_put_before_questions_and_texts(tmp_path: Path) -> None:
    own = load(save_word_model(tmp_path / "words", prompts=PROMPTS))
    bare = load(save_word_model(tmp_path / "bare"))

    assert own.encode_queries(["komisi"]) == pytest.approx(bare.encode_queries(["query: komisi"]))
    assert own.encode_passages(["komisi"]) == pytest.approx(bare.encode_passages(["passage: komisi"]))


def test_a_model_with_a_prompt_for_questions_only_gets_none_before_texts(tmp_path: Path) -> None:
    own = load(save_word_model(tmp_path / "words", prompts={"query": "query: "}))
    bare = load(save_word_model(tmp_path / "bare"))

    assert own.encode_queries(["komisi"]) == pytest.approx(bare.encode_queries(["query: komisi"]))
    assert own.encode_passages(["komisi"]) == pytest.approx(bare.encode_passages(["komisi"]))


@pytest.mark.parametrize("name", ["multilingual-e5-small", "E5-base-v2", "my_e5"])
def test_the_prompts_of_e5_are_known_although_its_files_do_not_say_them(tmp_path: Path, name: str) -> None:
    e5 = load(save_word_model(tmp_path / name))

    assert prompts_of(e5) == ("query: ", "passage: ")
    bare = load(save_word_model(tmp_path / "bare"))
    assert e5.encode_queries(["komisi"]) == pytest.approx(bare.encode_queries(["query: komisi"]))


@pytest.mark.parametrize("folder", ["e5/words", "size500", "mode5"])
def test_a_folder_that_only_sounds_like_e5_has_no_prompts(tmp_path: Path, folder: str) -> None:
    one = load(save_word_model(tmp_path / folder))

    assert prompts_of(one) == (None, None)


def test_the_settings_prompts_win(tmp_path: Path) -> None:
    model = save_word_model(tmp_path / "e5", prompts=PROMPTS)

    assert prompts_of(load_with(model, query="tanya: ")) == ("tanya: ", "passage: ")
    assert prompts_of(load_with(model, passage="")) == ("query: ", "")


def test_one_model_has_one_fingerprint_wherever_it_lies(tmp_path: Path, word_model: Path) -> None:
    shutil.copytree(word_model, tmp_path / "copy")

    assert load(word_model).fingerprint == load(tmp_path / "copy").fingerprint == load(word_model).fingerprint


def test_other_weights_prompts_or_words_make_another_fingerprint(tmp_path: Path, word_model: Path) -> None:
    other_words = save_word_model(tmp_path / "words")
    tokenizer = other_words / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text().replace('"komisi"', '"komisy"'))
    fingerprints = [
        load(word_model).fingerprint,
        load(save_word_model(tmp_path / "scaled", scale=2)).fingerprint,
        load(save_word_model(tmp_path / "prompted", prompts=PROMPTS)).fingerprint,
        load_with(word_model, query="query: ").fingerprint,
        load_with(word_model, passage="passage: ").fingerprint,
        load(other_words).fingerprint,
        load(save_transformer(tmp_path / "bert")).fingerprint,
    ]

    assert len(set(fingerprints)) == len(fingerprints)


@pytest.mark.parametrize("name", ["nobody/has-this-model", "./no-such-folder", ""])
def test_a_model_that_is_not_there_is_told_in_one_sentence(name: str, no_network: None) -> None:
    with pytest.raises(ModelError) as caught:
        load(name)

    told = str(caught.value)
    assert told.startswith(f"the embedding model `{name}` cannot be loaded (") and "\n" not in told
    assert told.endswith("set EMBEDDING_MODEL to `bundled`, a model folder, or a hub name that this machine reaches.")


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_a_model_with_a_broken_file_is_told_in_one_sentence(tmp_path: Path, file: str) -> None:
    model = save_word_model(tmp_path / "words")
    (model / file).write_bytes(b"\x00broken")

    with pytest.raises(ModelError, match="cannot be loaded"):
        load(model)


def test_a_device_that_is_not_there_is_told_in_one_sentence(word_model: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_embedder(IndexSettings(_env_file=None, embedding_model=str(word_model), embedding_device="abacus"))
