import pytest

from indexer.figures import Figures, figures, missing, plain, words_as_numbers


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("0", "0"), ("7", "7"), ("007", "7"), ("2026", "2026"),
        ("1.250", "1250"), ("1,250", "1250"), ("12.345.678", "12345678"), ("12,345,678", "12345678"),
        ("6,97", "6.97"), ("6.97", "6.97"), ("9,5", "9.5"), ("9.50", "9.5"), ("0,5", "0.5"), ("0.500", "0.5"),
        ("1.234.567,5", "1234567.5"), ("1,234,567.50", "1234567.5"), ("1.000,00", "1000"),
        ("23.59", "23.59"), ("23:59", "23.59"), ("17.00", "17"), ("17:00", "17"),
        ("1234.5", "1234.5"), ("3.1.2", None), ("1.2.3.4", None),
    ],
)  # fmt: skip
def test_a_number_is_read_by_its_shape(digits: str, number: str | None) -> None:
    assert plain(digits) == number


@pytest.mark.parametrize(
    ("indonesian", "english", "numbers"),
    [
        ("komisi 9,25%", "a commission of 9.25%", {"9.25"}),
        ("paling banyak Rp650.000", "at most Rp650,000", {"650000"}),
        ("Rp 1.250 per pesanan", "IDR 1,250 an order", {"1250"}),
        ("Rp1,5 juta", "Rp1.5 million", {"1500000"}),
        ("10 ribu", "10 thousand", {"10000"}),
        ("20rb", "20,000", {"20000"}),
        ("Rp500 juta", "Rp500 million", {"500000000"}),
        ("Rp4,8 miliar setahun", "Rp4.8 billion a year", {"4800000000"}),
        ("Rp2 triliun", "Rp2 trillion", {"2000000000000"}),
        ("US$840 juta", "$840 million", {"840000000"}),
        ("10–15%", "10-15%", {"10", "15"}),
        ("2 sampai 4 hari", "2 to 4 days", {"2", "4"}),
        ("Rp10.000–Rp20.000", "Rp10,000–Rp20,000", {"10000", "20000"}),
        ("sebelum pukul 23.59 WIB", "before 23:59 WIB", {"23.59"}),
        ("pukul 00.00", "at 00:00", {"0"}),
        ("Pasal 21 ayat (3)", "article 21 paragraph (3)", {"21", "3"}),
        ("Permendag 31/2023", "Trade Ministry Rule 31/2023", {"31", "2023"}),
        ("H+1 dan D-7", "H+1 and D-7", {"1", "7"}),
        ("skor 3,5 dari 5", "a score of 3.5 of 5", {"3.5", "5"}),
        ("sejak 2024", "since 2024", {"2024"}),
        ("24/7", "24/7", {"24", "7"}),
        ("tidak ada angka", "no figure at all", set()),
        ("TikTok4you, B2B dan UU8", "TikTok4you, B2B and UU8", set()),
    ],
)  # fmt: skip
def test_both_languages_give_the_same_numbers(indonesian: str, english: str, numbers: set[str]) -> None:
    assert figures(indonesian) == figures(english) == Figures(frozenset(numbers), frozenset())


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("18 Mei 2026", {"2026-05-18"}), ("18 May 2026", {"2026-05-18"}), ("May 18, 2026", {"2026-05-18"}),
        ("18th of May 2026", {"2026-05-18"}), ("2026-05-18", {"2026-05-18"}), ("1 Okt 2025", {"2025-10-01"}),
        ("31 Agustus 2024", {"2024-08-31"}), ("August 31st, 2024", {"2024-08-31"}),
        ("Mei 2024", {"2024-05"}), ("Desember 2023", {"2023-12"}), ("2025-07", {"2025-07"}), ("Sept 2025", {"2025-09"}),
        ("18 Mei", {"--05-18"}), ("May 18", {"--05-18"}), ("Dec 12th", {"--12-12"}),
        ("6–7 Maret 2024", {"2024-03-06", "2024-03-07"}), ("6 dan 7 Maret", {"--03-06", "--03-07"}),
        ("6 to 7 March 2024", {"2024-03-06", "2024-03-07"}), ("6 sampai 7 Maret 2024", {"2024-03-06", "2024-03-07"}),
        ("1 Januari dan 2 Februari 2026", {"--01-01", "2026-02-02"}),
    ],
)  # fmt: skip
def test_dates_are_written_one_way(text: str, dates: set[str]) -> None:
    assert figures(text) == Figures(frozenset(), frozenset(dates))


@pytest.mark.parametrize("text", ["you may 5 times", "3 may be enough", "it may 2024 times"])
def test_the_verb_may_is_no_month(text: str) -> None:
    assert figures(text).dates == frozenset()


def test_the_numbers_of_a_numbered_list_do_not_count() -> None:
    assert figures("1. satu barang\n2) dua barang\n> 3. tiga\n\n10. sepuluh").numbers == frozenset()
    assert figures("Bayar\n1.250 per pesanan").numbers == {"1250"}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("dua hari", {"2"}), ("two days", {"2"}), ("seratus ribu", {"100"}), ("Sepuluh kali", {"10"}),
        ("twice", {"2"}), ("the third time", {"3"}), ("kedua-duanya", {"2"}), ("keduanya", {"2"}), ("", set()),
    ],
)  # fmt: skip
def test_numbers_in_words_are_understood(text: str, numbers: set[str]) -> None:
    assert words_as_numbers(text) == numbers


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("18 Mei 2026", "mulai 18 Mei 2026"),
        ("Mei 2026", "18 May 2026"),
        ("18 Mei", "18 May 2026"),
        ("tahun 2026", "18 May 2026"),
        ("tanggal 18", "18 May 2026"),
        ("18 Mei 2026", "18 May; the year 2026"),
        ("18 Mei 2026", "18 May, and 2026-01"),
        ("9,25% dari Rp200.000", "9.25% of Rp200,000"),
        ("Rp1,5 juta", "Rp1,500,000"),
        ("", "anything"),
    ],
)
def test_what_is_known_is_not_missing(said: str, known: str) -> None:
    assert missing(figures(said), figures(known)) == []


@pytest.mark.parametrize(
    ("said", "known", "lost"),
    [
        ("9,25%", "9.2%", ["9.25"]),
        ("Rp1.250", "Rp12.500", ["1250"]),
        ("Rp1,5 juta", "Rp1,5 miliar", ["1500000"]),
        ("19 Mei 2026", "18 May 2026", ["2026-05-19"]),
        ("18 Mei 2025", "18 May 2026", ["2025-05-18"]),
        ("18 Mei 2026", "May 2026", ["2026-05-18"]),
        ("18 Mei", "18 June 2026", ["--05-18"]),
        ("Juni 2026", "18 May 2026", ["2026-06"]),
        ("Pasal 22", "article 21", ["22"]),
        ("pukul 18.00", "at 17.00", ["18"]),
        ("5 dan 4 kali", "nothing", ["4", "5"]),
    ],
)
def test_what_is_not_known_is_named(said: str, known: str, lost: list[str]) -> None:
    assert missing(figures(said), figures(known)) == lost


def test_a_number_known_in_words_is_known() -> None:
    assert missing(figures("2 hari"), figures("two days"), words_as_numbers("two days")) == []


def test_figures_of_two_texts_are_joined() -> None:
    assert figures("3 hari") | figures("4 Mei 2026") == figures("3 hari sampai 4 Mei 2026; ")
