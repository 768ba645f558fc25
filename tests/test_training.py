from pathlib import Path

import numpy as np
import pytest

from benchmarks.ablation import with_slips
from indexer.faults import IndexerError
from indexer.known_questions import KnownQuestion, Wanted
from indexer.ranking import FEATURES, project_weights
from tests.made_sections import section
from training.data import load_pairs, views_of
from training.noise import ChatSpelling
from training.ranking import KEPT, Example, learned_weights

PLACE = {name: number for number, name in enumerate(FEATURES)}
START = np.array([project_weights()[name] for name in FEATURES])


def examples(count: int) -> list[Example]:
    """Return questions whose wanted candidate is told from its rivals by BM25, and a little by its nearest key."""
    drawing = np.random.default_rng(0)
    made = []
    for number in range(count):
        features = drawing.random((6, len(FEATURES))) * 0.1
        features[2, PLACE["nearest"]] = 0.3
        features[2, PLACE["keywords"]] = 0.9
        made.append(Example(f"faqs/a#{number}", features, np.arange(6) == 2))
    return made


def test_the_weight_of_what_tells_the_wanted_section_apart_is_learned() -> None:
    weights = learned_weights(examples(40), START)

    assert max(FEATURES, key=lambda name: weights[PLACE[name]]) == "keywords"
    assert all(example.first_is_wanted(weights) for example in examples(40))


def test_learned_weights_keep_the_scale_and_what_cannot_be_learned() -> None:
    weights = learned_weights(examples(40), START)

    assert sum(
        weights[PLACE[name]] for name in ("nearest", "nearest_three", "text", "other_language")
    ) == pytest.approx(1)
    assert [weights[PLACE[name]] for name in KEPT] == [START[PLACE[name]] for name in KEPT]


def test_a_question_is_compared_with_its_best_wanted_candidate_and_its_rivals() -> None:
    features = np.zeros((4, len(FEATURES)))
    features[:, PLACE["nearest"]] = [0.2, 0.9, 0.5, 0.1]
    example = Example("faqs/a#a", features, np.array([True, False, True, False]))

    assert example.differences(START)[:, PLACE["nearest"]].tolist() == pytest.approx([-0.4, 0.4])
    assert not example.first_is_wanted(START)


def test_slips_are_the_same_each_time_and_leave_short_words_alone() -> None:
    written = [KnownQuestion("kenapa saldo cair lama sekali padahal pesanan selesai", Wanted.FOUND)] * 5
    once, again = with_slips(written), with_slips(written)

    assert once == again != written
    assert all(question.text.split()[2:4] == ["cair", "lama"] for question in once)


def test_chat_spelling_uses_the_given_slang_and_keeps_the_number_of_words() -> None:
    spell = ChatSpelling({"berapa": ["brp"]}, seed=1)

    assert spell("Berapa komisi", slang_share=1.0, slip_share=0.0) == "brp komisi"
    assert all(len(spell("berapa komisi platform", 0.5, 1.0).split()) == 3 for _ in range(50))


def test_views_are_made_of_sections_with_several_ways_of_asking() -> None:
    views = views_of([section(asked={"id": ("brp komisi",)}), section(texts={}, asked={"id": ("satu",)})])

    assert len(views) == 1
    assert ("id", "brp komisi") in views[0].questions and len(views[0].texts) == 2


@pytest.mark.parametrize(("name", "fault"), [("pairs.tsv", "there is no"), ("slang.tsv", "must have 2 columns")])
def test_a_missing_or_misshapen_file_of_pairs_is_told(tmp_path: Path, name: str, fault: str) -> None:
    (tmp_path / "pairs.tsv").write_text("a\tb\tc\td\nx\ty\ten\tid\n", encoding="utf-8")
    (tmp_path / "informal_formal.tsv").write_text("a\tb\ngmn\tbagaimana\n", encoding="utf-8")
    (tmp_path / "slang.tsv").write_text("a\tb\nbrp\tberapa\n", encoding="utf-8")
    assert load_pairs(tmp_path).slang == {"berapa": ["brp"]}
    if name == "slang.tsv":
        (tmp_path / name).write_text("a\tb\tc\nonly\n", encoding="utf-8")
    else:
        (tmp_path / name).unlink()

    with pytest.raises(IndexerError, match=fault):
        load_pairs(tmp_path)


def test_an_index_that_finds_nothing_by_its_vectors_is_not_learned_from() -> None:
    turned = [Example(each.section, -each.features, each.wanted) for each in examples(20)]

    with pytest.raises(ValueError, match="rebuild the index"):
        learned_weights(turned, START)
