import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.building import build, exclusive, gather
from indexer.embedding import Embedder, Vectors
from indexer.faults import GenerationError, KnowledgeError
from indexer.folder_store import FolderStore
from indexer.keys import Key
from indexer.publishing import publish
from indexer.ranking import project_weights
from indexer.search import Retriever, Search
from indexer.vectors import KeyVectors
from tests.indexes import counting, load, make
from tests.killed_builder import MOMENTS, kill_at
from tests.sample_knowledge import TODAY, change, write_knowledge
from tests.tiny_models import save_word_model

pytest_plugins = ["tests.indexes"]


def answer(store: FolderStore, embedder: Embedder) -> str:
    """Return the section that the published generation finds first."""
    name = store.published()
    assert name is not None
    return Retriever(store.open(name), embedder).search(Search("komisi sekarang berapa", TODAY)).hits[0].section.id


def test_a_build_makes_a_sealed_generation_and_publishes_nothing(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    made = make(store, knowledge, embedder)

    assert (store.names(), store.unfinished(), store.published()) == ([made.name], [], None)
    assert store.manifest(made.name) == made


def test_a_generation_says_what_it_is_made_of(store: FolderStore, knowledge: Path, embedder: Embedder) -> None:
    made = make(store, knowledge, embedder)

    assert (made.model, made.fingerprint, made.dimension) == ("words", embedder.fingerprint, 11)
    assert "faqs/fees" in made.documents and len(made.documents) == 7
    assert made.counts["sections"] == 15
    assert made.counts["embedded"] + made.counts["reused"] == made.counts["keys"]
    assert made.gate["questions"] == 4, "refusals and questions to ask back about are not looked for"


def test_a_generation_keeps_the_weights_that_it_was_made_with(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    made = make(store, knowledge, embedder)
    opened = store.open(made.name)
    other = replace(opened, manifest=replace(opened.manifest, ranking={"keywords": 1.0}))

    assert made.ranking == project_weights() == Retriever(opened, embedder).weights
    assert Retriever(other, embedder).weights == {"keywords": 1.0}


def test_the_manifest_is_plain_json(store: FolderStore, knowledge: Path, embedder: Embedder, tmp_path: Path) -> None:
    made = make(store, knowledge, embedder)
    record = json.loads((tmp_path / "data" / "generations" / made.name / "generation.json").read_text())

    assert record["name"] == made.name and record["fingerprint"] == embedder.fingerprint


def test_progress_is_shown_from_nothing_to_all(store: FolderStore, knowledge: Path, embedder: Embedder) -> None:
    steps: list[tuple[str, int, int]] = []
    made = build(store, gather(knowledge, knowledge), embedder, TODAY, lambda *step: steps.append(step))
    embedding = [(done, total) for name, done, total in steps if name == "embed"]

    assert embedding[0] == (0, made.counts["embedded"])
    assert embedding[-1] == (made.counts["embedded"], made.counts["embedded"])
    assert steps[-1][0] == "test"


def test_each_text_is_embedded_once_however_often_it_stands(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    change(knowledge / "faqs/fees.md", "  en: [what is the commission now]", "  en: [Which fees are there?]")
    counted = counting(embedder)
    made = make(store, knowledge, counted)

    assert len(counted.given) == len(set(counted.given)) < made.counts["keys"]


def test_unchanged_texts_are_not_embedded_again(store: FolderStore, knowledge: Path, embedder: Embedder) -> None:
    make(store, knowledge, embedder)
    counted = counting(embedder)
    made = make(store, knowledge, counted)

    assert counted.given == []
    assert made.counts["reused"] == made.counts["keys"]


def test_only_the_changed_text_is_embedded(store: FolderStore, knowledge: Path, embedder: Embedder) -> None:
    make(store, knowledge, embedder)
    change(knowledge / "faqs/payouts.md", "Saldo cair 2 hari setelah barang diterima:", "Saldo cair 2 hari kemudian:")
    counted = counting(embedder)
    make(store, knowledge, counted)

    assert len(counted.given) == 1 and "Saldo cair 2 hari kemudian:" in counted.given[0]


def test_texts_taken_over_have_the_vectors_that_they_had(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    first, second = make(store, knowledge, embedder), make(store, knowledge, embedder)
    before, after = (store.open(made.name).vectors.by_hash() for made in (first, second))

    assert before.keys() == after.keys()
    assert all(before[key] == pytest.approx(after[key]) for key in before)


def test_a_small_change_alters_a_copy_of_the_vectors_and_finds_what_a_full_build_finds(
    store: FolderStore, knowledge: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make(store, knowledge, embedder)
    change(knowledge / "faqs/payouts.md", "Saldo cair 2 hari setelah barang diterima:", "Saldo cair 2 hari kemudian:")
    put: list[int] = []
    real = KeyVectors.put

    def counted(self: KeyVectors, keys: Sequence[Key], vectors: Vectors) -> None:
        put.append(len(keys))
        real(self, keys, vectors)

    monkeypatch.setattr(KeyVectors, "put", counted)
    altered = make(store, knowledge, embedder)
    whole = make(other := FolderStore(tmp_path / "other"), knowledge, embedder)

    assert put == [1, whole.counts["keys"]]
    assert (altered.counts["changed"], whole.counts["changed"]) == (1, 0)
    mine, its = store.open(altered.name).vectors, other.open(whole.name).vectors
    assert mine.hashes() == its.hashes()
    vector = embedder.encode_queries(["saldo kapan cair sekarang"])
    count = whole.counts["keys"]
    assert dict(mine.nearest(vector, count)[0]) == pytest.approx(dict(its.nearest(vector, count)[0]))


def test_after_many_small_changes_the_vectors_are_laid_out_anew(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    make(store, knowledge, embedder)
    changed, before = [], "Saldo cair 2 hari"
    for word in (
        "akan",
        "bisa",
        "pasti",
        "sudah",
        "mulai",
        "dapat",
        "tetap",
        "selalu",
        "memang",
        "segera",
        "biasanya",
        "umumnya",
    ):
        change(knowledge / "faqs/payouts.md", before, before := f"Saldo {word} cair 2 hari")
        changed.append(make(store, knowledge, embedder).counts["changed"])

    assert changed[:2] == [1, 2]
    assert 0 in changed[2:]


def test_a_way_of_asking_that_has_gone_is_gone_from_a_copy_too(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    make(store, knowledge, embedder)
    change(knowledge / "faqs/fees.md", "  en: [what is the commission now]", "  en: []")
    made = make(store, knowledge, embedder)

    assert made.counts["changed"] == 1
    assert store.open(made.name).vectors.count() == made.counts["keys"]


def test_vectors_that_cannot_be_copied_are_made_anew(
    store: FolderStore, knowledge: Path, embedder: Embedder, tmp_path: Path
) -> None:
    made = make(store, knowledge, embedder)
    (tmp_path / "data" / "generations" / made.name / "chroma" / "chroma.sqlite3").write_bytes(b"no database")
    again = make(store, knowledge, embedder)

    assert again.counts["changed"] == 0
    assert store.open(again.name).vectors.count() == again.counts["keys"]


@pytest.mark.parametrize("changes", [{"scale": 2.0}, {"prompts": {"query": "", "passage": "passage: "}}])
def test_another_model_embeds_everything_again(
    store: FolderStore, knowledge: Path, embedder: Embedder, tmp_path: Path, changes: dict[str, object]
) -> None:
    first = make(store, knowledge, embedder)
    counted = counting(load(save_word_model(tmp_path / "other", **changes)))  # type: ignore[arg-type]
    second = make(store, knowledge, counted)

    assert second.counts["embedded"] == len(counted.given) == first.counts["embedded"]
    assert second.fingerprint != first.fingerprint


def test_going_back_to_a_model_takes_over_what_it_made(
    store: FolderStore, knowledge: Path, embedder: Embedder, tmp_path: Path
) -> None:
    make(store, knowledge, embedder)
    make(store, knowledge, load(save_word_model(tmp_path / "other", scale=2)))

    assert make(store, knowledge, embedder).counts["embedded"] == 0


def test_what_has_gone_from_the_documents_is_gone_from_the_next_generation(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    make(store, knowledge, embedder)
    (knowledge / "outside/other-shops.md").unlink()
    made = make(store, knowledge, embedder)

    assert "outside/other-shops#shopee" not in store.open(made.name).snapshot.sections
    assert store.open(made.name).vectors.count() == made.counts["keys"]


def test_from_knowledge_with_a_fault_nothing_is_built(store: FolderStore, knowledge: Path, embedder: Embedder) -> None:
    change(knowledge / "faqs/fees.md", "Komisinya 8%.", "Komisinya 80%.")

    with pytest.raises(KnowledgeError):
        make(store, knowledge, embedder)
    assert (store.names(), store.unfinished()) == ([], [])


def test_a_damaged_generation_does_not_stand_in_the_way_of_the_next(
    store: FolderStore, knowledge: Path, embedder: Embedder, tmp_path: Path
) -> None:
    made = make(store, knowledge, embedder)
    publish(store)
    (tmp_path / "data" / "generations" / made.name / "generation.json").write_text("{")
    make(store, knowledge, embedder)

    assert publish(store).name == store.published() != made.name


def test_a_model_that_fails_half_way_leaves_the_published_generation_answering(
    store: FolderStore, knowledge: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(store, knowledge, embedder)
    publish(store)
    change(knowledge / "faqs/payouts.md", "Saldo cair 2 hari", "Saldonya cair 2 hari")

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(Embedder, "encode_passages", fail)
        make(store, knowledge, embedder)

    assert len(store.unfinished()) == 1
    assert answer(store, embedder) == "faqs/fees#commission-now"
    make(store, knowledge, embedder)
    assert store.unfinished() == []


def test_a_second_builder_is_refused_and_may_build_when_the_first_has_ended(tmp_path: Path) -> None:
    with exclusive(tmp_path / "data"):
        with pytest.raises(GenerationError, match="another build or prune is running"), exclusive(tmp_path / "data"):
            pass
        with exclusive(tmp_path / "other"):
            pass
    with exclusive(tmp_path / "data"):
        pass


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_builder_killed_at_any_moment_leaves_a_published_generation_answering(
    store: FolderStore, knowledge: Path, embedder: Embedder, word_model: Path, moment: str
) -> None:
    data = Path("data").absolute()
    first = make(store, knowledge, embedder)
    publish(store)
    change(knowledge / "faqs/payouts.md", "Saldo cair 2 hari", "Saldonya cair 2 hari")
    kill_at(moment, data, knowledge, word_model)

    assert (store.published() == first.name) is (moment != "published")
    assert answer(store, embedder) == "faqs/fees#commission-now"
    with exclusive(data):
        made = make(store, knowledge, embedder)
    assert store.unfinished() == []
    assert publish(store).name == made.name == store.published()
    assert answer(store, embedder) == "faqs/fees#commission-now"


def test_a_builder_killed_before_anything_was_published_leaves_nothing_that_answers(
    store: FolderStore, embedder: Embedder, word_model: Path, tmp_path: Path
) -> None:
    knowledge = write_knowledge(tmp_path / "first")
    kill_at("vectors stored", tmp_path / "data", knowledge, word_model)

    assert (store.names(), store.published(), len(store.unfinished())) == ([], None, 1)
    make(store, knowledge, embedder)
    assert store.unfinished() == []
