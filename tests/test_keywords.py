import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.glossary import Glossary
from indexer.keys import Key, keys_of, keys_of_all
from indexer.keywords import KeywordIndex
from indexer.question_forms import QuestionReader
from indexer.sections import Text
from tests.made_sections import section

GLOSSARY = Glossary(means={("brp",): "berapa"}, adds={("ongkir",): "shipping"})


def index(*texts: tuple[str, str]) -> KeywordIndex:
    keys = [Key(f"{name}|id|{number}", name, "id", "text", text) for number, (name, text) in enumerate(texts)]
    return KeywordIndex(keys)


FEES = index(
    ("commission", "berapa komisi platform"),
    ("shipping", "shipping cost per parcel"),
    ("payout", "kapan saldo cair"),
    ("payout", "berapa lama saldo ditahan"),
)


READER = QuestionReader(GLOSSARY, FEES.frequency)


def scores(question: str) -> NDArray[np.float32]:
    return FEES.scores(READER.forms(question))


def best(question: str) -> str:
    return FEES.sections[int(np.argmax(scores(question)))]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("komisi platform", "commission"),
        ("KOMISI?", "commission"),
        ("saldo ditahan berapa lama", "payout"),
        ("kapan saldo cair ya", "payout"),
        ("ongkir", "shipping"),
        ("brp komisi", "commission"),
    ],
)
def test_the_section_that_holds_the_words_is_best(question: str, section: str) -> None:
    assert best(question) == section


def test_all_keys_of_a_section_count_together() -> None:
    assert FEES.sections == ["commission", "shipping", "payout"]
    assert scores("cair ditahan")[2] > scores("cair entah")[2]


@pytest.mark.parametrize("question", ["", "🙂", "zzz qqq", "' OR 1=1 --", "\x00\u202e", "cair " * 5000])
def test_scores_lie_between_zero_and_one_whatever_is_asked(question: str) -> None:
    found = scores(question)

    assert found.shape == (3,) and np.isfinite(found).all()
    assert found.min() >= 0 and found.max() <= 1


@pytest.mark.parametrize("question", ["", "zzz", "🙂"])
def test_words_that_nobody_uses_find_nothing(question: str) -> None:
    assert not scores(question).any()


def test_unknown_words_make_a_question_less_covered() -> None:
    assert scores("komisi mobil listrik bekas")[0] < scores("komisi")[0]


def test_a_rare_word_counts_more_than_a_frequent_one() -> None:
    rare, frequent = scores("komisi"), scores("berapa")

    assert rare[0] > 0 and frequent[0] > 0 and frequent[2] > 0
    assert scores("berapa komisi")[0] > scores("berapa komisi")[2]


def test_the_words_looked_for_are_the_typed_the_spelled_out_and_the_further_ones() -> None:
    assert READER.forms("brp ongkir").words == ["brp", "ongkir", "berapa", "shipping"]


def test_a_section_has_a_key_for_heading_text_and_each_way_of_asking_in_each_language() -> None:
    keys = keys_of(section(asked={"id": ("brp komisi", "potongan"), "en": ()}))

    assert [(key.language, key.kind) for key in keys] == [
        ("id", "heading"), ("id", "text"), ("id", "asked"), ("id", "asked"), ("en", "heading"), ("en", "text"),
    ]  # fmt: skip
    assert keys[1].text == f"{keys[0].text}\nKomisinya **4%**. Dihitung setelah diskonmu."
    assert len({key.id for key in keys}) == len(keys)


def test_a_section_in_one_language_has_keys_in_that_one_only() -> None:
    assert {key.language for key in keys_of(section(texts={"en": Text("Title", "Text")}))} == {"en"}


def test_one_text_has_one_hash_wherever_it_stands() -> None:
    first, second = keys_of_all([section(id="faqs/a#a"), section(id="faqs/b#b")])[::4]

    assert first.id != second.id
    assert first.text_hash == second.text_hash != keys_of(section())[1].text_hash
