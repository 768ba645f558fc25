import io
import json
from datetime import date
from typing import Any

import pytest

from bot.answers import Answer, Candidate, Citation, Option, Outcome
from bot.json_lines import answer_lines, answer_record
from indexer.sections import Platform, Status
from tests.scripted_answerer import ScriptedAnswerer

TODAY = date(2026, 11, 25)
FIELDS = ["id", "outcome", "language", "text", "confidence", "citations", "options", "ms"]
CITATION_FIELDS = [
    "section", "title", "kind", "status", "platform", "in_force_from", "in_force_until", "checked", "publisher", "url",
]  # fmt: skip


def answers_to(*lines: bytes, answerer: ScriptedAnswerer | None = None) -> list[dict[str, Any]]:
    stream = io.BytesIO(b"\n".join(lines) + b"\n")
    return list(answer_lines(answerer or ScriptedAnswerer(), stream, lambda: TODAY))


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def full_answer() -> Answer:
    citation = Citation(
        "faqs/fees#commission", "Komisi?", "faqs", Status.IN_FORCE, Platform.BOTH, date(2026, 5, 18), None,
        date(2026, 10, 1), "TikTok", "https://seller.example",
    )  # fmt: skip
    return Answer(
        Outcome.ANSWERED, "id", "**4%**, lihat [TikTok](https://seller.example)", 0.912345, "generation-1", (citation,),
        (Option("faqs/fees#vat", "PPN?"),), (Candidate("faqs/fees#commission", 1.0),), {"total": 1.23456},
    )  # fmt: skip


def test_a_record_has_exactly_the_fields_that_others_build_on() -> None:
    record = answer_record(7, full_answer())

    assert list(record) == FIELDS
    assert list(record["citations"][0]) == CITATION_FIELDS
    assert list(record["options"][0]) == ["section", "title"]


def test_a_record_is_plain_json_with_days_as_iso_and_text_as_the_seller_reads_it() -> None:
    record = json.loads(json.dumps(answer_record("a", full_answer())))

    assert record["citations"][0]["in_force_from"] == "2026-05-18"
    assert record["citations"][0]["in_force_until"] is None
    assert record["citations"][0]["checked"] == "2026-10-01"
    assert (record["citations"][0]["status"], record["citations"][0]["platform"]) == ("in_force", "both")
    assert record["text"] == "4%, lihat TikTok (https://seller.example)"
    assert (record["id"], record["outcome"], record["confidence"], record["ms"]) == ("a", "answered", 0.9123, 1.23)


def test_lines_are_answered_in_their_order() -> None:
    records = answers_to(*(line(id=number, text=f"pertanyaan {number}") for number in range(50)))

    assert [record["id"] for record in records] == list(range(50))
    assert [record["text"].rsplit(" ", 1)[1] for record in records] == [str(number) for number in range(50)]


def test_what_stands_in_a_line_reaches_the_answerer() -> None:
    answerer = ScriptedAnswerer()
    answers_to(
        line(id=1, text="itu?", previous=["komisi?", "mall?"], language="en", on="2025-05-01"), answerer=answerer
    )

    asked = answerer.asked[0]
    assert (asked.text, asked.previous, asked.language) == ("itu?", ("komisi?", "mall?"), "en")
    assert (asked.on, asked.today) == (date(2025, 5, 1), TODAY)


def test_fields_may_be_null_or_left_out() -> None:
    answerer = ScriptedAnswerer()
    records = answers_to(
        line(id=1, text="komisi?", previous=None, language=None, on=None), line(text="komisi?"), answerer=answerer
    )

    assert [record["id"] for record in records] == [1, None]
    assert answerer.asked[0] == answerer.asked[1]


@pytest.mark.parametrize("identity", ["a", 1, None, {"chat": 5}, ["x"], 1.5, True])
def test_the_id_comes_back_whatever_it_is(identity: object) -> None:
    assert answers_to(line(id=identity, text="komisi?"))[0]["id"] == identity


BAD = {
    "not JSON": b"komisi berapa",
    "JSON cut off": b'{"id": 1, "text": "komisi',
    "not an object": b'["komisi"]',
    "a number": b"5",
    "not UTF-8": b'{"id": 1, "text": "komisi \xff\xfe"}',
    "nested without end": b"[" * 100_000,
    "a number that is none": b'{"id": NaN, "text": "komisi?"}',
    "a number without end": b'{"id": ' + b"1" * 5000 + b', "text": "komisi?"}',
    "no text": line(id=1),
    "text is no text": line(id=1, text=["komisi"]),
    "text is null": line(id=1, text=None),
    "unknown field": line(id=1, text="komisi?", lang="id"),
    "unknown language": line(id=1, text="komisi?", language="fr"),
    "language is no text": line(id=1, text="komisi?", language=["id"]),
    "previous is a text": line(id=1, text="komisi?", previous="tadi"),
    "previous holds numbers": line(id=1, text="komisi?", previous=[1]),
    "day that does not exist": line(id=1, text="komisi?", on="2025-02-30"),
    "day in other words": line(id=1, text="komisi?", on="1 Mei 2025"),
    "day is a number": line(id=1, text="komisi?", on=20250501),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_line_gets_its_number_and_a_reason_and_the_rest_goes_on(bad: bytes) -> None:
    before, error, after = answers_to(line(id="before", text="komisi?"), bad, line(id="after", text="komisi?"))

    assert (before["id"], after["id"]) == ("before", "after")
    assert list(error) == ["id", "error", "line"]
    assert (error["id"], error["line"]) == (None, 2)
    assert error["error"].endswith((".", "?")) and "Traceback" not in error["error"]


@pytest.mark.parametrize(
    ("bad", "hint"),
    [
        ("unknown field", "`lang`"),
        ("unknown language", '"fr"'),
        ("day that does not exist", '"2025-02-30"'),
        ("not UTF-8", "UTF-8"),
        ("text is no text", "`text`"),
        ("previous holds numbers", "`previous`"),
    ],
)
def test_the_reason_names_what_was_found(bad: str, hint: str) -> None:
    assert hint in answers_to(BAD[bad])[0]["error"]


def test_blank_lines_are_skipped_and_still_counted() -> None:
    records = answers_to(b"", b"   ", b"x", b"", line(id=5, text="komisi?"))

    assert [record.get("line") for record in records] == [3, None]
    assert records[1]["id"] == 5


def test_no_lines_give_no_answers() -> None:
    assert list(answer_lines(ScriptedAnswerer(), io.BytesIO(b""), lambda: TODAY)) == []


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault() -> None:
    stream = io.BytesIO(b"\xef\xbb\xbf" + line(id=1, text="komisi?") + b"\r\n" + line(id=2, text="komisi?") + b"\r\n")

    assert [record["id"] for record in answer_lines(ScriptedAnswerer(), stream, lambda: TODAY)] == [1, 2]


def test_a_line_is_answered_before_the_next_one_is_read() -> None:
    read: list[int] = []

    class Lines(io.BytesIO):
        def __next__(self) -> bytes:
            read.append(1)
            return super().__next__()

    answers = answer_lines(ScriptedAnswerer(), Lines(line(text="a") + b"\n" + line(text="b")), lambda: TODAY)
    next(answers)
    assert len(read) == 1


def test_half_a_character_is_refused_because_it_could_not_be_written_back() -> None:
    for bad in (b'{"id": "\\ud83d", "text": "komisi"}', b'{"id": 1, "text": "\\ud83d"}', b'{"id": 1, "\\ud83d": 1}'):
        record, after = answers_to(bad, line(id=2, text="komisi?"))

        assert "half a character" in record["error"] and after["id"] == 2
        json.dumps(record, ensure_ascii=False).encode("utf-8")
