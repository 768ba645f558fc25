from datetime import date
from pathlib import Path

import pytest

from indexer.facts import Fact, load_facts
from indexer.faults import Faults
from indexer.sections import Confidence, Source, Status
from tests.sample_knowledge import change, line_of

pytest_plugins = ["tests.indexes"]


def register(knowledge: Path) -> tuple[dict[str, Fact], list[str]]:
    faults = Faults(knowledge)
    facts = load_facts(knowledge / "facts", faults)
    return facts, [str(fault) for fault in faults.sorted()]


def test_all_sheets_are_read(knowledge: Path) -> None:
    facts, faults = register(knowledge)

    assert faults == []
    assert {"FEE-001", "RUL-005"} <= set(facts)
    assert facts["FEE-002"] == Fact(
        "FEE-002",
        "Commission of 2025",
        {"id": "Mulai 9 Juni 2025 komisinya 8%.", "en": "From 9 June 2025 the commission was 8%."},
        date(2025, 6, 9),
        date(2025, 7, 1),
        Status.SUPERSEDED,
        Confidence.HIGH,
        "FEE-001",
        (Source("Seller University", "Komisi", "2025-06-01"),),
    )


@pytest.mark.parametrize(
    ("name", "counts"), [("FEE-001", True), ("RUL-004", True), ("FEE-002", False), ("RUL-003", False)]
)
def test_what_is_over_does_not_count_for_today(knowledge: Path, name: str, counts: bool) -> None:
    assert register(knowledge)[0][name].counts is counts


@pytest.mark.parametrize(
    "missing", ["topic: Shipping", "confidence: high\n  sources: [{publisher: Seller University, title: Ongkir}]"]
)
def test_a_fact_that_lacks_something_is_left_out_and_named(knowledge: Path, missing: str) -> None:
    change(knowledge / "facts/fees.yaml", missing, "superseded_by:")
    facts, faults = register(knowledge)

    line = line_of(knowledge / "facts/fees.yaml", "- id: FEE-004")
    assert "FEE-004" not in facts
    assert faults == [
        f"facts/fees.yaml:{line}: fact FEE-004 needs id, topic, fact, fact_id, status, confidence and sources."
    ]


def test_an_unknown_status_an_unknown_field_and_a_bad_date_are_each_reported(knowledge: Path) -> None:
    sheet = knowledge / "facts/rules.yaml"
    change(sheet, "status: planned", "status: maybe")
    change(sheet, "effective: '2023-10-04'", "effective: '2023-10-34'")
    change(sheet, "topic: Share", "topic: Share\n  colour: red")
    faults = register(knowledge)[1]

    assert [fault.split(":")[1] for fault in faults] == [
        str(line_of(sheet, part)) for part in ("2023-10-34", "maybe", "colour")
    ]
    assert "is not a day" in faults[0] and "is unknown" in faults[1] and "unknown field `colour`" in faults[2]


def test_an_id_that_stands_twice_is_refused(knowledge: Path) -> None:
    change(knowledge / "facts/rules.yaml", "- id: RUL-005", "- id: FEE-001")
    line = line_of(knowledge / "facts/rules.yaml", "- id: FEE-001")

    assert register(knowledge)[1] == [
        f"facts/rules.yaml:{line}: FEE-001 stands twice in the register; give one a new number."
    ]


def test_a_successor_that_is_not_in_the_register_is_refused(knowledge: Path) -> None:
    change(knowledge / "facts/rules.yaml", "superseded_by: RUL-002", "superseded_by: RUL-999")
    line = line_of(knowledge / "facts/rules.yaml", "RUL-999")

    assert register(knowledge)[1] == [
        f"facts/rules.yaml:{line}: RUL-001 is superseded by RUL-999, which is not in the register."
    ]


@pytest.mark.parametrize("text", ["id: FEE-001\n", "just words\n"])
def test_a_sheet_that_is_no_list_is_refused(knowledge: Path, text: str) -> None:
    (knowledge / "facts/more.yaml").write_text(text, encoding="utf-8")

    assert register(knowledge)[1] == ["facts/more.yaml:1: expected a list of entries that start with `- `."]


@pytest.mark.parametrize(
    ("entry", "line"),
    [("- FEE-100", 1), ("- id: !odd FEE-100", 1), ("- id: A\n  id: B", 2), ("- {a: {b}: c", 1), ("- ? [a]\n  : b", 1)],
)
def test_an_entry_that_cannot_be_read_is_a_fault_and_no_crash(knowledge: Path, entry: str, line: int) -> None:
    (knowledge / "facts/more.yaml").write_text(entry, encoding="utf-8")
    facts, faults = register(knowledge)

    assert faults[0].startswith(f"facts/more.yaml:{line}: ")
    assert "FEE-001" in facts


def test_an_empty_sheet_is_no_fault(knowledge: Path) -> None:
    (knowledge / "facts/more.yaml").write_text("# nothing yet\n", encoding="utf-8")

    assert register(knowledge)[1] == []
