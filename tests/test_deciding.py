import pytest

from bot.deciding import FEATURES, WEIGHTS, Costs, Evidence, Shown, Thresholds, evidence_of, near_first
from indexer.search import Hit
from indexer.sections import OUTSIDE
from indexer.validity import Role
from tests.made_sections import section


def hits(*scores: float, outside: int | None = None) -> list[Hit]:
    """Return hits with those scores; the one at `outside` is a subject that we do not cover."""
    kinds = [OUTSIDE if number == outside else "faqs" for number in range(len(scores))]
    found = [section(id=f"{kind}/a#{number}") for number, kind in enumerate(kinds)]
    return [Hit(one, score, score, 0.0, Role.CURRENT, "") for one, score in zip(found, scores, strict=True)]


@pytest.mark.parametrize(
    ("first", "either", "shown"),
    [
        (0.99, 1.0, Shown.FIRST),
        (0.97, 1.0, Shown.FIRST),
        (0.9, 1.0, Shown.BOTH),
        (0.6, 0.9, Shown.BOTH),
        (0.6, 0.7, Shown.NONE),
        (0.85, 0.85, Shown.BOTH),
        (0.9, 0.9, Shown.FIRST),
        (0.7, 0.7, Shown.NONE),
        (0.0, 0.0, Shown.NONE),
    ],
)
def test_what_costs_least_is_done(first: float, either: float, shown: Shown) -> None:
    assert Costs().least(first, either) is shown


def test_where_errors_cost_little_more_is_answered() -> None:
    assert Costs(wrong=1.0, wrong_as_nearest=1.0).least(0.3, 0.5) is Shown.FIRST
    assert Costs(wrong=1.0, wrong_as_nearest=1.0, second=0.1).least(0.3, 0.5) is Shown.BOTH


def test_the_evidence_is_how_far_the_others_lie_behind() -> None:
    evidence = evidence_of(hits(0.9, 0.7, 0.6, 0.5, outside=2), 12.0, 4)

    assert (evidence.score, evidence.words, evidence.information) == (0.9, 4, 12.0)
    assert evidence.margin == pytest.approx(0.2) and evidence.margin_to_third == pytest.approx(0.3)
    assert evidence.over_outside == pytest.approx(0.3)


def test_without_hits_only_the_words_are_evidence() -> None:
    assert evidence_of([], 3.0, 2) == Evidence(information=3.0, words=2)


def test_each_decision_has_a_weight_for_each_of_its_features() -> None:
    evidence = Evidence(0.9, 0.3, 0.4, 0.3, 20.0, 6)

    assert WEIGHTS.exists()
    for name in FEATURES:
        assert 0 < evidence.probability(name) < 1


def test_a_clear_first_section_answers_more_surely_than_one_among_many() -> None:
    clear, crowded = Evidence(0.9, 0.3, 0.4, 0.3, 20.0, 6), Evidence(0.6, 0.01, 0.02, 0.02, 20.0, 6)

    assert clear.probability("answer") > crowded.probability("answer")
    assert clear.probability("either") > crowded.probability("either")


def test_one_of_two_answers_at_least_as_surely_as_the_first() -> None:
    for evidence in (Evidence(0.9, 0.3, 0.4, 0.3, 20.0, 6), Evidence(0.6, 0.01, 0.1, 0.1, 20.0, 6)):
        # The two are fitted apart, so that where both are as good as sure they may differ by a hair.
        assert evidence.probability("either") >= evidence.probability("answer") - 0.001


def test_options_are_the_near_ones_of_our_own_subjects() -> None:
    offered = near_first(hits(0.7, 0.69, 0.65, 0.45, outside=1), Thresholds(option_distance=0.2))

    assert [hit.section.id for hit in offered] == ["faqs/a#0", "faqs/a#2"]
