from collections.abc import Sequence
from xml.etree import ElementTree

import pytest

from bot.answers import Answer, Outcome
from bot.calibration import calibration_of, cost_of, diagram, least_costly_threshold, mean_cost
from bot.deciding import Costs
from bot.evaluating import Judgement
from bot.judging import JudgedQuestion, Verdict


def judged(
    confidence: float, verdict: Verdict, outcome: Outcome = Outcome.ANSWERED, kind: str = "answerable"
) -> Judgement:
    question = JudgedQuestion("q", "komisi?", kind, "id", "chat", "fees", (), (), (), ())
    return Judgement(question, Answer(outcome, "id", "4%", confidence, "g"), verdict, covered=True)


def many(confidence: float, right: int, wrong: int) -> list[Judgement]:
    return [judged(confidence, Verdict.RIGHT)] * right + [judged(confidence, Verdict.WRONG)] * wrong


def test_a_bot_that_is_right_as_often_as_it_says_has_no_error() -> None:
    calibration = calibration_of(many(0.75, 3, 1))

    (only,) = calibration.bins
    assert (only.start, only.end, only.count, only.said, only.true) == (0.7, 0.8, 4, 0.75, 0.75)
    assert calibration.error == pytest.approx(0) and calibration.brier == pytest.approx(0.1875)


def test_a_bot_that_is_surer_than_right_has_the_distance_as_its_error() -> None:
    calibration = calibration_of([*many(0.95, 2, 2), *many(0.15, 0, 4)])

    assert [(bin_.said, bin_.true) for bin_ in calibration.bins] == [(0.15, 0.0), (0.95, 0.5)]
    assert calibration.error == pytest.approx(0.3)


def test_full_confidence_falls_into_the_last_bin_and_only_answers_count() -> None:
    calibration = calibration_of([judged(1.0, Verdict.RIGHT), judged(0.5, Verdict.ASKED_BACK, Outcome.CLARIFY)])

    assert [bin_.end for bin_ in calibration.bins] == [1.0]
    assert calibration_of([]).bins == ()


@pytest.mark.parametrize(
    ("verdict", "cost"), [(Verdict.RIGHT, 0), (Verdict.WRONG, 5), (Verdict.ASKED_BACK, 1), (Verdict.DECLINED, 1)]
)
def test_a_wrong_answer_costs_five_declines(verdict: Verdict, cost: float) -> None:
    assert cost_of(judged(0.5, verdict)) == cost
    assert cost_of(judged(0.5, Verdict.WRONG), Costs(wrong=2)) == 2
    assert mean_cost([judged(0.5, verdict), judged(0.5, Verdict.RIGHT)]) == cost / 2


def test_the_threshold_lies_where_answering_begins_to_pay() -> None:
    judgements: Sequence[Judgement] = [*many(0.9, 9, 1), *many(0.5, 2, 2)]
    threshold, cost = least_costly_threshold(judgements)

    assert 0.5 < threshold <= 0.9
    assert cost == pytest.approx((5 + 4) / 14) and cost < mean_cost(judgements)


def test_refusing_what_should_be_refused_costs_nothing() -> None:
    wrong = judged(0.6, Verdict.WRONG, kind="out_of_scope")

    assert mean_cost([wrong]) == 5
    assert least_costly_threshold([wrong])[1] == 0
    assert least_costly_threshold([]) == (0.0, 0.0)


def test_the_diagram_is_well_formed_and_has_a_mark_for_each_bin() -> None:
    svg = diagram(calibration_of([*many(0.95, 3, 1), *many(0.55, 1, 1)]), "dev", "said", "true")

    root = ElementTree.fromstring(svg)
    assert len(root.findall(".//{http://www.w3.org/2000/svg}circle")) == 2
