from datetime import date

import pytest

from indexer.question_time import AskedTime, Period, asked_time
from tests.sample_knowledge import TODAY


def period(text: str) -> Period | None:
    return asked_time(text, TODAY).period


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "komisi 18 mei 2024 berapa",
        "komisi tgl 18 Mei 2024?",
        "commission on 18 May 2024",
        "commission on 18th of May, 2024",
        "commission on May 18, 2024",
        "commission on may 18th 2024",
        "komisi 18/5/2024",
        "komisi 18-05-2024",
        "komisi 18.05.2024",
        "commission on 2024-05-18",
    ],
)
def test_a_day_is_found_however_it_is_written(text: str) -> None:
    assert period(text) == Period.of_day(date(2024, 5, 18))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("berapa komisi Mei 2024?", Period(date(2024, 5, 1), date(2024, 5, 31))),
        ("komisi feb 2024", Period(date(2024, 2, 1), date(2024, 2, 29))),
        ("commission in December 2025", Period(date(2025, 12, 1), date(2025, 12, 31))),
        ("biaya agt 2025", Period(date(2025, 8, 1), date(2025, 8, 31))),
    ],
)
def test_a_month_is_all_of_its_days(text: str, month: Period) -> None:
    assert period(text) == month


@pytest.mark.parametrize("text", ["komisi tahun 2024", "komisi 2024 brp", "what was the commission in 2024?"])
def test_a_year_is_all_of_its_days(text: str) -> None:
    assert period(text) == year(2024)


@pytest.mark.parametrize("text", ["komisi tahun lalu berapa", "komisi thn kmrn", "what was the commission last year"])
def test_last_year_is_counted_from_today(text: str) -> None:
    assert period(text) == year(2025)


@pytest.mark.parametrize(
    "text", ["komisi 2 tahun lalu", "komisi dua tahun yang lalu", "3 thn yg lalu", "the commission two years ago"]
)
def test_years_ago_are_counted_from_today(text: str) -> None:
    assert period(text) == year(2023 if "3" in text else 2024)


@pytest.mark.parametrize("text", ["komisi bulan lalu", "komisi bln kemarin", "the commission last month"])
def test_last_month_is_counted_from_today(text: str) -> None:
    assert period(text) == Period(date(2026, 10, 1), date(2026, 10, 31))
    assert asked_time(text, date(2026, 1, 5)).period == Period(date(2025, 12, 1), date(2025, 12, 31))


def test_the_days_before_a_year_has_ended_are_now() -> None:
    assert period("komisi 2026") is None
    assert period("komisi november 2026") is None
    assert period("komisi 23 november 2026") is None
    assert period("komisi oktober 2026") == Period(date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize("text", ["pajak 2027", "komisi 1 januari 2027", "komisi desember 2026"])
def test_the_future_is_not_a_time_that_anything_is_known_of(text: str) -> None:
    assert period(text) is None


def test_a_day_that_does_not_exist_counts_as_its_month() -> None:
    assert period("komisi 31 februari 2025") == Period(date(2025, 2, 1), date(2025, 2, 28))
    assert period("komisi 45/13/2025") is None


@pytest.mark.parametrize(
    "text",
    [
        "apa isi Permendag 31/2023?",
        "permendag nomor 31 tahun 2023 melarang apa",
        "Permendag No. 31 Tahun 2023",
        "PP 55 tahun 2022 itu apa",
        "PMK 37/2025 berlaku buat siapa",
        "what does UU 7/2021 say",
        "aturan 31/2023",
    ],
)
def test_the_year_in_the_name_of_a_law_is_no_time(text: str) -> None:
    asked = asked_time(text, TODAY)

    assert asked.period is None and asked.past is False
    assert asked.laws


def test_the_laws_that_a_question_names_are_known() -> None:
    assert "31/2023" in asked_time("beda permendag 31/2023 sama permendag nomor 19 tahun 2026", TODAY).laws
    assert "19/2026" in asked_time("beda permendag 31/2023 sama permendag nomor 19 tahun 2026", TODAY).laws
    assert asked_time("komisi berapa persen", TODAY).laws == frozenset()


def test_a_law_and_a_date_may_stand_side_by_side() -> None:
    asked = asked_time("apa Permendag 31/2023 berlaku bulan Mei 2024?", TODAY)

    assert asked.period == Period(date(2024, 5, 1), date(2024, 5, 31)) and "31/2023" in asked.laws


@pytest.mark.parametrize(
    "text", ["dulu komisinya berapa", "komisi sebelumnya", "what did it use to be previously", "aturan yang lama"]
)
def test_words_for_the_past_are_heard(text: str) -> None:
    assert asked_time(text, TODAY) == AskedTime(past=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "komisi sekarang berapa",
        "harga 2.024 rupiah",
        "Rp12.024",
        "nomor 082024111222",
        "ongkir 10 kg",
        "may I sell in march",
        "🙂",
    ],
)
def test_without_a_time_the_question_is_about_now(text: str) -> None:
    asked = asked_time(text, TODAY)

    assert (asked.period, asked.past) == (None, False)


def test_a_period_holds_its_first_and_last_day() -> None:
    may = Period(date(2024, 5, 1), date(2024, 5, 31))

    assert date(2024, 5, 1) in may and date(2024, 5, 31) in may
    assert date(2024, 4, 30) not in may and date(2024, 6, 1) not in may


@pytest.mark.parametrize(
    "text",
    [
        "was the 2023 regulation repealed?",
        "is that old social commerce law from 2023 dead",
        "did they scrap the rule of 2024",
        "aturan taun 2023 udah ga berlaku kan",
        "peraturan 2024 itu sudah dicabut?",
    ],
)
def test_whether_a_rule_of_some_year_has_ended_is_asked_about_today_and_the_past(text: str) -> None:
    asked = asked_time(text, TODAY)

    assert asked.period is None and asked.past


@pytest.mark.parametrize(
    "text",
    ["pesanan dibatalkan 18 mei 2024 kena biaya?", "order cancelled on 18 May 2024", "aturan komisi 18 mei 2024"],
)
def test_what_ended_on_a_day_is_still_asked_about_that_day(text: str) -> None:
    assert period(text) == Period.of_day(date(2024, 5, 18))
