from dataclasses import replace

import pytest

from indexer.glossary import Glossary
from indexer.numbers_in_words import unglued, with_figures
from indexer.question_forms import QuestionReader, Steps
from indexer.spelling import SpellingCorrector

LEXICON = {
    "komisi": 40,
    "gabung": 30,
    "integrasi": 20,
    "tokopedia": 90,
    "saldo": 50,
    "komisy": 1,
    "berapa": 80,
    "cair": 9,
}
GLOSSARY = Glossary(means={("brp",): "berapa", ("rb",): "ribu"}, adds={("ongkir",): "shipping"})
CORRECTOR = SpellingCorrector(LEXICON, ["vapes", "integrasy"])


def reader(**off: bool) -> QuestionReader:
    return QuestionReader(GLOSSARY, LEXICON, replace(Steps(), **off))


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("komsi", "komisi"),
        ("kmoisi", "komisi"),
        ("komissi", "komisi"),
        ("integrazi", "integrasi"),
        ("tokopedai", "tokopedia"),
    ],
)
def test_an_unknown_word_one_edit_away_is_mended(typed: str, mended: str) -> None:
    assert CORRECTOR.corrected(typed) == mended


@pytest.mark.parametrize(
    "word",
    [
        "komisi",
        "komisy",
        "integrasy",
        "vapes",
        "",
        "cai",
        "gqbunh",
        "homisi",
        "tokopedia123",
        "12345",
        "r\u00e9sum\u00e9",
    ],
)
def test_known_protected_short_and_far_words_are_left_alone(word: str) -> None:
    assert CORRECTOR.corrected(word) == word


def test_a_real_word_that_the_knowledge_does_not_use_is_left_alone() -> None:
    assert QuestionReader(GLOSSARY, LEXICON, real_words=frozenset({"komsi"})).forms("komsi").full == "komsi"


def test_the_more_frequent_of_two_neighbours_wins() -> None:
    assert SpellingCorrector({"bayar": 3, "batar": 9}).corrected("basar") == "batar"


def test_a_word_that_stands_in_one_text_only_corrects_nothing() -> None:
    assert SpellingCorrector({"komisi": 1}).corrected("komsi") == "komsi"


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("lima ratus juta", "500 juta"),
        ("dua puluh lima persen", "25 persen"),
        ("dua belas hari", "12 hari"),
        ("seratus lima puluh ribu", "150 ribu"),
        ("twenty five days", "25 days"),
        ("three hundred thousand", "300 thousand"),
        ("nine", "9"),
        ("satu toko", "satu toko"),
        ("satu juta", "1 juta"),
        ("one percent", "1 percent"),
        ("nol persen", "0 persen"),
        ("seribu lima ratus", "1500"),
        ("lima lima", "5 5"),
        ("one shop", "one shop"),
        ("dua tiga hari", "2 3 hari"),
        ("komisi", "komisi"),
        ("puluh", "puluh"),
        ("", ""),
    ],
)
def test_numbers_in_words_become_figures(words: str, figures: str) -> None:
    assert " ".join(with_figures(words.split())) == figures


@pytest.mark.parametrize(
    ("typed", "apart"),
    [
        ("50rb", "50 rb"),
        ("2k", "2 ribu"),
        ("1,5jt", "1,5 jt"),
        ("14hari", "14 hari"),
        ("pph22", "pph22"),
        ("kilo2", "kilo2"),
    ],
)
def test_a_measure_is_taken_off_its_number(typed: str, apart: str) -> None:
    assert unglued(typed) == apart


def test_a_question_is_written_out_step_by_step() -> None:
    forms = reader().forms("Komsiii 50rb BRP ongkir")

    assert forms.typed == "Komsiii 50rb BRP ongkir"
    assert forms.full == "komisi 50 ribu berapa ongkir"
    assert forms.further == "komisi 50 ribu berapa ongkir shipping"
    assert forms.to_embed == [forms.typed, forms.full]


@pytest.mark.parametrize(
    ("step", "full"),
    [
        ("letters", "komsiii 50 ribu berapa ongkir"),
        ("numbers", "komisi 50rb berapa ongkir"),
        ("chat_words", "komisi 50 rb brp ongkir"),
        ("further_words", "komisi 50 ribu berapa ongkir"),
        ("spelling", "komsi 50 ribu berapa ongkir"),
    ],
)
def test_each_step_can_be_switched_off(step: str, full: str) -> None:
    forms = reader(**{step: False}).forms("Komsiii 50rb BRP ongkir")

    assert forms.full == full
    assert ("shipping" in forms.further) is (step != "further_words")


def test_a_question_in_full_words_is_embedded_once() -> None:
    assert reader().forms("Berapa komisi?").to_embed == ["Berapa komisi?"]


@pytest.mark.parametrize("text", ["", "🙂", "\x00", "a" * 5000, "((((", "1" * 400])
def test_anything_can_be_written_out(text: str) -> None:
    assert isinstance(reader().forms(text).full, str)
