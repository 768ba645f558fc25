import json
from pathlib import Path

import pytest

from bot.evaluation_comparison import ALL, Judged, chance_of, changed, compare, comparison_table, load_judged
from indexer.faults import IndexerError


def judged(**right: bool) -> dict[str, Judged]:
    return {name: Judged("followup" if name.startswith("f") else "answerable", each) for name, each in right.items()}


OLD = judged(a=True, b=False, c=False, f1=True, only_old=True)
NEW = judged(a=True, b=True, c=True, f1=False, only_new=False)


def test_only_questions_of_both_are_compared_by_kind_and_all_together() -> None:
    rows = {row.kind: row for row in compare(OLD, NEW)}

    assert list(rows) == [ALL, "answerable", "followup"]
    assert (rows[ALL].count, rows[ALL].first, rows[ALL].second) == (4, 0.5, 0.75)
    assert (rows["answerable"].better, rows["answerable"].worse) == (2, 0)
    assert (rows["followup"].better, rows["followup"].worse) == (0, 1)


def test_the_interval_holds_the_difference_and_is_nothing_where_nothing_changed() -> None:
    row = compare(OLD, NEW)[0]
    same = compare(OLD, OLD)[0]

    assert row.low <= row.second - row.first <= row.high and row.low < row.high
    assert (same.low, same.high, same.chance) == (0, 0, 1.0)


def test_what_changed_is_listed() -> None:
    assert changed(OLD, NEW) == ["b answerable: not → right", "c answerable: not → right", "f1 followup: right → not"]
    assert changed(OLD, OLD) == []


@pytest.mark.parametrize(
    ("better", "worse", "chance"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (8, 1, 0.0390625), (3, 3, 1.0)]
)
def test_the_chance_of_a_change_is_that_of_a_fair_coin(better: int, worse: int, chance: float) -> None:
    assert chance_of(better, worse) == pytest.approx(chance) == chance_of(worse, better)


def test_evaluations_without_a_common_question_are_refused() -> None:
    with pytest.raises(IndexerError, match="no question in common"):
        compare(judged(a=True), judged(b=True))


def test_a_saved_evaluation_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"questions": [{"id": "a", "kind": "followup", "verdict": "right"}]}), encoding="utf-8")

    assert load_judged(path) == {"a": Judged("followup", True)}


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"questions": [{"id": "a"}]}', '{"questions": 3}'])
def test_a_file_that_is_no_saved_evaluation_is_told(tmp_path: Path, written: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(written, encoding="utf-8")

    with pytest.raises(IndexerError, match=r"old\.json is not a saved evaluation; make one with"):
        load_judged(path)


def test_the_table_has_a_line_per_kind() -> None:
    assert comparison_table(compare(OLD, NEW)).row_count == 3
