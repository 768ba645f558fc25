from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from indexer.faults import Faults
from indexer.fields import Fields, parse_day
from indexer.located_yaml import load_mapping
from indexer.sections import Law, Platform, Source, Status


def fields(text: str) -> Fields:
    path, faults = Path("sheet.yaml"), Faults(Path())
    return Fields(load_mapping(text, 1, path, faults), path, faults)


def faults_after(text: str, read: Callable[[Fields], object]) -> list[str]:
    found = fields(text)
    read(found)
    return [str(fault) for fault in found.faults.sorted()]


def test_a_day_is_a_day_of_the_calendar() -> None:
    assert fields("checked: 2026-05-18").day("checked") == date(2026, 5, 18)
    assert fields("checked: '2024-02-29'").day("checked") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2023-02-29", "2026-13-01", "18-05-2026", "2026-05", "soon", "20260518"]
)
def test_a_day_that_does_not_exist_is_refused(value: str) -> None:
    assert faults_after(f"topic: fees\nchecked: {value}", lambda one: one.day("checked")) == [
        f"sheet.yaml:2: `checked: {value}` is not a day of the calendar; write it as 2026-05-18."
    ]


def test_a_field_that_is_left_empty_counts_as_left_out() -> None:
    empty = fields("checked:\nstatus:\nfacts:\n")

    assert (empty.day("checked"), empty.choice("status", Status), empty.texts("facts")) == (None, None, ())
    assert empty.faults.found == []


def test_a_month_counts_as_its_first_day_where_a_month_will_do() -> None:
    assert fields("as_of: 2025-07").day_or_month("as_of") == date(2025, 7, 1)
    assert fields("as_of: 2025-07-09").day_or_month("as_of") == date(2025, 7, 9)
    assert fields("topic: fees").day_or_month("as_of") is None


@pytest.mark.parametrize("value", ["2025-13", "2025", "July 25"])
def test_a_month_that_does_not_exist_is_refused(value: str) -> None:
    assert len(faults_after(f"as_of: {value}", lambda one: one.day_or_month("as_of"))) == 1


def test_one_word_of_a_closed_list_is_read() -> None:
    assert fields("status: in_force").choice("status", Status) is Status.IN_FORCE
    assert fields("platform: both").choice("platform", Platform) is Platform.BOTH


@pytest.mark.parametrize("value", ["valid", "In_Force", "[in_force]", "yes"])
def test_a_word_outside_the_list_is_named_with_what_would_be_right(value: str) -> None:
    found = faults_after(f"status: {value}", lambda one: one.choice("status", Status))

    assert len(found) == 1 and found[0].startswith("sheet.yaml:1: `status: ")
    assert found[0].endswith("write one of in_force, superseded, postponed, planned, disputed, historical.")


def test_one_text_or_a_list_of_texts_is_read_with_its_white_space_made_plain() -> None:
    assert fields("facts: FEE-001").texts("facts") == ("FEE-001",)
    assert fields("facts: [FEE-001, ' FEE-002 ']").texts("facts") == ("FEE-001", "FEE-002")
    assert fields("title: |\n  two\n  lines\n").text("title") == "two lines"


def test_sellers_words_stay_as_they_are_typed() -> None:
    words = fields("asked: [yes, no, on, off, 1.10, 08123, 12:30, 1_000, null-an]").texts("asked")

    assert words == ("yes", "no", "on", "off", "1.10", "08123", "12:30", "1_000", "null-an")


@pytest.mark.parametrize("value", ["{a: b}", "[a, {b: c}]", "[[a]]", "[a, ]\n b: c", "[a, null]"])
def test_a_list_that_holds_no_texts_is_refused(value: str) -> None:
    assert len(faults_after(f"facts: {value}", lambda one: one.texts("facts"))) == 1


def test_a_text_that_is_a_list_is_refused() -> None:
    assert faults_after("topic: [a, b]", lambda one: one.text("topic")) == [
        "sheet.yaml:1: `topic` must be a text, not a list."
    ]


def test_texts_by_language_are_read() -> None:
    asked = fields("asked:\n  id: [a, b]\n  en: c\n").texts_by_language("asked")

    assert asked == {"id": ("a", "b"), "en": ("c",)}


@pytest.mark.parametrize("value", ["[a, b]", "a", "{fr: [a]}", "{id: [a], both: [b]}"])
def test_other_parts_than_the_two_languages_are_refused(value: str) -> None:
    assert faults_after(f"asked: {value}", lambda one: one.texts_by_language("asked")) == [
        "sheet.yaml:1: `asked` must have the parts `id:` and `en:` and no others."
    ]


def test_sources_are_read_one_or_many() -> None:
    one = fields("sources: {publisher: Koran, title: Naik, date: 2026, url: 'https://x.example'}").sources()
    many = fields("sources:\n- {publisher: Koran, title: Naik}\n- {publisher: Blog, title: B, date: 2026-05}").sources()

    assert one == (Source("Koran", "Naik", "2026", "https://x.example"),)
    assert many == (Source("Koran", "Naik"), Source("Blog", "B", "2026-05"))


@pytest.mark.parametrize("value", ["{publisher: Koran}", "{title: Naik}", "{publisher: K, title: T, link: x}"])
def test_a_source_without_publisher_or_title_or_with_more_is_refused(value: str) -> None:
    found = faults_after(f"sources: {value}", lambda one: one.sources())

    assert len(found) == 1 and "a source needs `publisher` and `title`, and may have `date` and `url`" in found[0]


@pytest.mark.parametrize("read", [Fields.sources, Fields.laws])
def test_a_source_or_law_that_is_a_bare_word_is_refused(read: Callable[[Fields], object]) -> None:
    name = read.__name__

    assert faults_after(f"{name}: Permendag", read) == [f"sheet.yaml:1: `{name}` must be `{{…}}` or a list of them."]


def test_laws_are_read_one_or_many() -> None:
    one = fields("laws: {name: Permendag 19/2026, article: 25, paragraph: 3}").laws()
    many = fields("laws: [{name: UU 8/1999}, {name: PP 80/2019, article: [1, 2]}]").laws()

    assert one == (Law("Permendag 19/2026", "25", "3"),)
    assert many == (Law("UU 8/1999"), Law("PP 80/2019", "1, 2"))


@pytest.mark.parametrize("value", ["{article: 25}", "{name: UU 8/1999, verse: 1}"])
def test_a_law_without_a_name_or_with_more_is_refused(value: str) -> None:
    found = faults_after(f"laws: {value}", lambda one: one.laws())

    assert len(found) == 1 and "a law needs `name`, and may have `article` and `paragraph`" in found[0]


def test_an_unknown_field_is_named_with_the_known_ones() -> None:
    assert faults_after("topic: fees\nstatsu: x", lambda one: one.refuse_unknown(("status", "topic"))) == [
        "sheet.yaml:2: unknown field `statsu`; known are status, topic."
    ]


def test_a_field_named_like_a_yaml_switch_is_named_as_it_stands() -> None:
    assert faults_after("topic: fees\non: 2026-05-18", lambda one: one.refuse_unknown(("topic",))) == [
        "sheet.yaml:2: unknown field `on`; known are topic."
    ]


@pytest.mark.parametrize("value", [None, 5, "", "2026-5-18", " 2026-05-18", "2026-W20-1"])
def test_what_is_no_day_is_none(value: object) -> None:
    assert parse_day(value) is None
