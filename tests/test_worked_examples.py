import pytest

from indexer.worked_examples import Example, split_examples


def wrong(text: str) -> list[str]:
    return Example(text, 0).wrong()


@pytest.mark.parametrize(
    "text",
    [
        "> Contoh: Rp200.000 × 9,25% = Rp18.500",
        "> Example: Rp200,000 × 9.25% = Rp18,500",
        "> Contoh: **Rp200.000 x 9,25% = Rp18.500**",
        "> Contoh: 200 ribu × 9,25 persen = Rp18.500",
        "> Contoh: Rp1,5 juta × 2% = Rp30.000",
        "> Contoh: Rp1,5 miliar × 20% = Rp300 juta",
        "> Contoh: Rp100.000 − Rp9.250 − Rp1.250 = Rp89.500",
        "> Contoh: Rp100.000 - Rp9.250 + Rp500 = Rp91.250",
        "> Contoh: 2 + 3 × 4 = 14",
        "> Contoh: 100.000 / 1,11 = Rp90.090",
        "> Contoh: 10 ÷ 4 = 2,5",
        "> Contoh: 9,25% × 12% = 1,11%",
        "> Contoh: Rp333 × 10% = Rp33",
        "> Contoh: harga Rp200.000 × 9,25% = Rp18.500,\n> lalu Rp18.500 + Rp1.250 = Rp19.750",
    ],
)
def test_arithmetic_that_comes_out_is_accepted(text: str) -> None:
    assert Example(text, 0).equations
    assert wrong(text) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("> Contoh: Rp200.000 × 9,25% = Rp18.700", "`Rp200.000 × 9,25% = Rp18.700` does not come out; it is 18500."),
        (
            "> Contoh: Rp1.000.000 × 9,25% = Rp92.590",
            "`Rp1.000.000 × 9,25% = Rp92.590` does not come out; it is 92500.",
        ),
        ("> Example: 2 + 3 = 6", "`2 + 3 = 6` does not come out; it is 5."),
        ("> Example: 10 − 4 × 2 = 12", "`10 − 4 × 2 = 12` does not come out; it is 2."),
        ("> Contoh: 9,25% × 12% = 2,11%", "`9,25% × 12% = 2,11%` does not come out; it is 0.0111."),
        ("> Contoh: Rp1,5 juta × 2% = Rp30 juta", "`Rp1,5 juta × 2% = Rp30 juta` does not come out; it is 30000."),
    ],
)
def test_arithmetic_that_does_not_come_out_is_named(text: str, sentence: str) -> None:
    assert wrong(text) == [sentence]


@pytest.mark.parametrize("text", ["> Contoh: 10 / 0 = 0", "> Contoh: 3.1.2 × 2 = 6", "> Contoh: 4 × 2 = 3.1.2"])
def test_arithmetic_that_cannot_be_computed_is_named_and_does_not_crash(text: str) -> None:
    found = wrong(text)

    assert len(found) == 1 and "cannot be computed" in found[0]


def test_each_wrong_equation_of_an_example_is_named() -> None:
    assert len(wrong("> Contoh: 1 + 1 = 3, lalu 2 + 2 = 4,\n> lalu 3 + 3 = 7")) == 2


def test_examples_are_taken_out_of_a_text() -> None:
    body = "Komisinya 9,25%.\n\n> Contoh: 200 × 9,25% = 18,5\n\nLebih lanjut tanya aku."
    rest, examples = split_examples(body)

    assert rest == "Komisinya 9,25%.\n\n\n\nLebih lanjut tanya aku."
    assert examples == [Example("> Contoh: 200 × 9,25% = 18,5", 2)]


def test_an_example_may_run_over_several_lines_and_a_text_may_have_several() -> None:
    _, examples = split_examples("> Contoh 1:\n> 1 + 1 = 2\n\nTeks.\n\n> **Contoh 2:** 2 + 2 = 4")

    assert [(example.line, example.text.count("\n")) for example in examples] == [(0, 1), (5, 0)]
    assert [example.wrong() for example in examples] == [[], []]


@pytest.mark.parametrize("quote", ["> Contoh: Rp18.500", "> Catatan: 1 + 1 = 3", "Contoh: 1 + 1 = 3"])
def test_other_quotes_and_lines_stay_in_the_text(quote: str) -> None:
    assert split_examples(quote) == (quote, [])


def test_the_rates_of_an_example_are_its_percentages() -> None:
    assert Example("> Contoh: Rp200.000 × 9,25% + 2 × 0.5 persen = x", 0).rates == "9,25% ; 0.5 persen"
