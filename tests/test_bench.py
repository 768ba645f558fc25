from datetime import date
from pathlib import Path

import pytest

from benchmarks.growth import grown
from benchmarks.passages import BenchQuestion, bench_questions, passages_of
from benchmarks.report import Curve, Row, percentile, report
from indexer.keys import keys_of
from indexer.sections import Confidence, Language, Platform, Section, Status, Text


def section(name: str) -> Section:
    texts: dict[Language, Text] = {
        "id": Text("Komisi berapa?", "**4%** dari harga."),
        "en": Text("How much?", "**4%** of the price."),
    }
    asked: dict[Language, tuple[str, ...]] = {
        "id": ("komisinya brp", "kena potongan berapa"),
        "en": ("what is the fee",),
    }
    return Section(
        name, "fees", Status.IN_FORCE, Platform.BOTH, Confidence.HIGH, texts, date(2026, 1, 1), asked=asked,
        see_also=("faqs/a#b",),
    )  # fmt: skip


def test_a_passage_is_a_section_in_one_language_and_its_ways_of_asking_only_where_wanted() -> None:
    plain, with_asked = passages_of([section("faqs/a#a")]), passages_of([section("faqs/a#a")], with_asked=True)

    assert [passage.text for passage in plain] == [
        "Komisi berapa?\n\n**4%** dari harga.",
        "How much?\n\n**4%** of the price.",
    ]
    assert "kena potongan berapa" in with_asked[0].text and "what is the fee" in with_asked[1].text


def test_a_question_is_judged_by_address_or_by_what_the_text_must_say() -> None:
    found = section("faqs/a#a")

    assert BenchQuestion("x", frozenset({"faqs/a#a"})).answered_by(found)
    assert not BenchQuestion("x", frozenset({"faqs/a#b"})).answered_by(found)
    assert BenchQuestion("x", must_match=("4%", "HARGA")).answered_by(found)
    assert not BenchQuestion("x", must_match=("5%",)).answered_by(found)
    assert not BenchQuestion("x", must_match=("4%",), must_not_match=("harga",)).answered_by(found)


def test_only_questions_with_an_answer_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(
        "- {text: komisi, kind: answerable, must_match: '4%'}\n- {text: halo, kind: chitchat}\n", encoding="utf-8"
    )

    assert [question.text for question in bench_questions(path)] == ["komisi"]
    assert all(question.sections for question in bench_questions(None))


def test_copies_have_addresses_and_texts_of_their_own() -> None:
    ours = {name: section(name) for name in ("faqs/a#a", "faqs/a#b")}
    many = grown(ours, 3)

    assert len(many) == 6 and {"faqs/a#a", "faqs/copy-2-a#b"} <= set(many)
    texts = [key.text for one in many.values() for key in keys_of(one) if "copy" in one.id]
    assert len(set(texts)) == len(texts) == 4 * 6
    assert grown(ours, 3) == many
    assert grown(ours, 1) == ours


@pytest.mark.parametrize(("share", "value"), [(0.5, 3.0), (0.99, 4.0), (0.0, 1.0)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == value


def test_the_report_holds_each_row_and_the_ratio() -> None:
    row = Row.measured(
        "BM25",
        {"questions": 10, "first": 0.5, "three": 0.75, "build_seconds": 1, "milliseconds": [1.0, 2.0], "megabytes": 99},
    )
    figures = {"build_seconds": 50.0, "rebuild_seconds": 2.0, "keys": 24000}
    curves = [
        Curve.measured({"times": 1, "sections": 800, "milliseconds": [6.0], **figures}),
        Curve.measured({"times": 100, "sections": 80000, "milliseconds": [9.0], **figures}),
    ]
    text = report([row], curves, "a machine", None)

    assert "| BM25 | 50.0% | 75.0% | 2.0 | 2.0 | 1 | 99 |" in text
    assert "| 80,000 | 24,000 | 50.0 | 2.0 | 4.0% | 9.0 | 9.0 |" in text
    assert "at 100 times the sections takes 1.50 times" in text
