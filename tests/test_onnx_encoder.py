import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from indexer.embedding import BUNDLED_FOLDER, Embedder
from indexer.faults import ModelError
from indexer.onnx_encoder import ENCODER, TOKENIZER, OnnxEncoder
from tests.indexes import load
from tests.tiny_encoder import save_encoder, trainable

TEXTS = ["komisi", "berapa ongkir", "what commission? shipping", "saldonya cair", "pajak " * 400, "", "🙂"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("tiny") / "encoder")


@pytest.fixture(scope="module")
def tiny(folder: Path) -> Embedder:
    return load(folder)


def test_a_folder_with_an_encoder_in_it_is_opened_as_one(tiny: Embedder) -> None:
    assert isinstance(tiny.encoder, OnnxEncoder)
    assert tiny.name == "encoder" and tiny.dimension == 32


def test_a_written_encoder_holds_no_path_of_the_machine_that_wrote_it(folder: Path) -> None:
    for encoder in (folder, BUNDLED_FOLDER):
        content = (encoder / ENCODER).read_bytes()
        assert not any(trace in content for trace in (b"site-packages", b"transformer_model.py", b'File "'))


def test_rounding_to_8_bits_leaves_the_vectors_where_they_were(tiny: Embedder) -> None:
    with torch.no_grad():
        whole = trainable().encode(TEXTS[:4], dropped=0.0).numpy()

    assert (tiny.encode_queries(TEXTS[:4]) * whole).sum(axis=1).min() > 0.98


def test_questions_and_texts_get_the_same_unit_vectors_in_order(tiny: Embedder) -> None:
    vectors = tiny.encode_passages(TEXTS)

    assert vectors.dtype == np.float32 and vectors.shape == (len(TEXTS), 32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert np.array_equal(vectors, tiny.encode_queries(TEXTS))


def test_a_vector_does_not_depend_on_the_texts_beside_it(tiny: Embedder) -> None:
    alone = np.concatenate([tiny.encode_queries([text]) for text in TEXTS])

    assert np.array_equal(alone, tiny.encode_queries(TEXTS))


def test_several_threads_may_ask_at_once(tiny: Embedder) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(tiny.encode_queries, [TEXTS] * 8))

    assert all(np.array_equal(vectors, found[0]) for vectors in found)


def test_no_texts_give_no_vectors(tiny: Embedder) -> None:
    assert len(tiny.encode_queries([])) == len(tiny.encode_passages([])) == 0


def test_whole_words_of_the_tokenizer_are_known_and_its_pieces_are_not(tiny: Embedder) -> None:
    assert {"komisi", "berapa"} <= tiny.words
    assert "nya" not in tiny.words and "[UNK]" not in tiny.words


def test_other_weights_or_words_make_another_fingerprint(tiny: Embedder, folder: Path, tmp_path: Path) -> None:
    other = save_encoder(tmp_path / "other", seed=8)
    renamed = save_encoder(tmp_path / "renamed")
    words = (renamed / TOKENIZER).read_text(encoding="utf-8")
    (renamed / TOKENIZER).write_text(words.replace('"komisi"', '"komisy"'), encoding="utf-8")

    assert len({tiny.fingerprint, load(other).fingerprint, load(renamed).fingerprint}) == 3
    both = (folder / ENCODER).read_bytes() + (folder / TOKENIZER).read_bytes()
    assert tiny.fingerprint == hashlib.sha256(both).hexdigest()[:16]


@pytest.mark.parametrize("file", [ENCODER, TOKENIZER])
def test_a_broken_file_is_told_in_one_sentence(folder: Path, tmp_path: Path, file: str) -> None:
    for name in (ENCODER, TOKENIZER):
        (tmp_path / name).write_bytes((folder / name).read_bytes() if name != file else b"\x00broken")

    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_missing_tokenizer_is_told_in_one_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / ENCODER).write_bytes((folder / ENCODER).read_bytes())

    with pytest.raises(ModelError, match="cannot be loaded"):
        load(tmp_path)
