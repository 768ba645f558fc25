"""The sets of one kind of question each, with the bundled model. `tests/question_sets/README.md` says what they are."""

import pytest

from bot.answerer import Answerer
from bot.evaluating import evaluate
from bot.judging import JudgedQuestion, Verdict, load_judged_questions, unknown_sections
from indexer.settings import PROJECT
from tests.published_index import PublishedIndex
from tests.sample_knowledge import TODAY

pytest_plugins = ["tests.published_index"]

FOLDER = PROJECT / "tests" / "question_sets"
# Five points below what `python -m bot evaluate tests/question_sets/NAME.yaml` printed when they were set.
FLOORS = {"two_questions": 0.95, "follow_ups": 0.86, "dates": 0.92, "sides": 0.95}


def questions(name: str) -> list[JudgedQuestion]:
    return load_judged_questions(FOLDER / f"{name}.yaml")


def test_each_set_has_its_floor() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(FLOORS)


@pytest.mark.parametrize("name", FLOORS)
def test_a_set_has_at_least_thirty_questions_about_sections_that_exist(name: str, real_index: PublishedIndex) -> None:
    found = questions(name)
    assert len(found) >= 30
    assert unknown_sections(found, real_index.retriever.generation.snapshot.sections) == {}


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_a_set_is_answered_rightly(name: str, floor: float, real_answerer: Answerer) -> None:
    judged = evaluate(real_answerer, questions(name), {}, TODAY)
    failed = [judgement.question.text for judgement in judged if judgement.verdict is not Verdict.RIGHT]
    assert len(failed) <= (1 - floor) * len(judged), failed


def test_follow_ups_bring_the_message_before() -> None:
    assert all(question.previous for question in questions("follow_ups"))


def test_two_questions_name_two_groups_of_sections_unless_they_only_look_like_two() -> None:
    counts = [len(question.sections) for question in questions("two_questions")]
    assert counts.count(2) >= 30
    assert set(counts) == {1, 2}
