from pathlib import Path

import pytest

from indexer.faults import Faults
from indexer.glossary import Glossary, load_glossary, words_of
from indexer.question_forms import QuestionReader

GLOSSARY = Glossary(
    means={("brp",): "berapa", ("tts",): "tiktok shop", ("potongan", "admin"): "komisi", ("seller", "center"): "pusat"},
    adds={("ongkir",): "ongkos kirim shipping", ("komisi", "platform"): "platform commission"},
)


def in_full(glossary: Glossary, text: str) -> str:
    return QuestionReader(glossary, {}).forms(text).full


def load(folder: Path, text: str) -> tuple[Glossary, list[str]]:
    (folder / "glossary.yaml").write_text(text, encoding="utf-8")
    faults = Faults(folder)
    return load_glossary(folder / "glossary.yaml", faults), [str(fault) for fault in faults.sorted()]


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("Komisi BRP?", "komisi berapa"),
        ("brp komisi di tts", "berapa komisi di tiktok shop"),
        ("potongan admin brp", "komisi berapa"),
        ("potongan brp", "potongan berapa"),
        ("bangettt", "banget"),
        ("potongan2 apa", "potongan potongan apa"),
        ("buka Seller-Center", "buka pusat"),
        ("abrp", "abrp"),
        ("9,25% dari Rp1.250", "9,25 dari rp1.250"),
        ("", ""),
        ("🙂 !!", ""),
    ],
)
def test_chat_spelling_is_written_out(typed: str, full: str) -> None:
    assert in_full(GLOSSARY, typed) == full


@pytest.mark.parametrize(
    ("typed", "more"),
    [
        ("ongkir brp", "ongkir ongkos kirim shipping berapa"),
        ("komisi platform", "komisi platform platform commission"),
        ("komisi", "komisi"),
    ],
)
def test_further_words_stand_beside_the_typed_ones(typed: str, more: str) -> None:
    assert QuestionReader(GLOSSARY, {}).forms(typed).further == more


def test_the_longest_entry_wins() -> None:
    glossary = Glossary(means={("a",): "x", ("a", "b"): "y"}, adds={})

    assert in_full(glossary, "a b a c") == "y x c"


def test_an_empty_glossary_changes_nothing_but_the_case() -> None:
    assert (
        in_full(Glossary({}, {}), "Komisi Berapa") == Glossary({}, {}).with_further("komisi berapa") == "komisi berapa"
    )


def test_a_glossary_is_read(tmp_path: Path) -> None:
    text = "- words: [brp, Brapa]\n  means: berapa\n- words: seller center\n  adds: pusat penjual\n  why: old name\n"
    glossary, faults = load(tmp_path, text)

    assert faults == []
    assert glossary == Glossary({("brp",): "berapa", ("brapa",): "berapa"}, {("seller", "center"): "pusat penjual"})


def test_a_missing_glossary_is_empty(tmp_path: Path) -> None:
    assert load_glossary(tmp_path / "none.yaml", Faults(tmp_path)) == Glossary({}, {})


@pytest.mark.parametrize(
    "entry", ["- means: berapa\n", "- words: brp\n", "- words: brp\n  means: berapa\n  adds: berapa\n"]
)
def test_an_entry_that_says_nothing_or_too_much_is_refused(tmp_path: Path, entry: str) -> None:
    glossary, faults = load(tmp_path, entry)

    assert glossary == Glossary({}, {})
    assert len(faults) == 1 and faults[0].startswith("glossary.yaml:1: an entry needs `words`, and either `means`")


def test_a_word_that_stands_twice_is_reported_at_the_second(tmp_path: Path) -> None:
    _, faults = load(tmp_path, "- words: brp\n  means: berapa\n- words: [BRP]\n  adds: harga\n")

    assert faults == ["glossary.yaml:3: `BRP` stands twice in the glossary; keep one."]


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    _, faults = load(tmp_path, "- words: brp\n  means: berapa\n  because: chat\n")

    assert len(faults) == 1 and faults[0].startswith("glossary.yaml:3: unknown field `because`")


def test_a_number_is_one_word_with_its_decimals() -> None:
    assert words_of("Komisi 9,25% (Rp1.250)") == ["komisi", "9,25", "rp1.250"]
