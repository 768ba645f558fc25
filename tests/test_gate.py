from pathlib import Path

import pytest

from indexer.building import gather
from indexer.embedding import Embedder
from indexer.faults import GenerationError
from indexer.folder_store import FolderStore
from indexer.gate import FLOOR, MAY_FALL, gate_figures, refusal
from indexer.known_questions import KnownQuestion, Wanted
from indexer.publishing import publish
from indexer.search import Retriever
from tests.indexes import make
from tests.sample_knowledge import TODAY, change

pytest_plugins = ["tests.indexes"]
PAID, NOW = "faqs/payouts#when-paid", "faqs/fees#commission-now"


def figures(retriever: Retriever, *questions: KnownQuestion) -> dict[str, float]:
    return gate_figures(retriever, questions, TODAY)


def found(text: str, *sections: str, previous: tuple[str, ...] = ()) -> KnownQuestion:
    return KnownQuestion(text, Wanted.FOUND, sections, previous)


def test_known_questions_are_read_with_what_must_come_of_them(knowledge: Path) -> None:
    questions = gather(knowledge, knowledge).questions

    assert [question.wanted for question in questions] == [Wanted.FOUND] * 4 + [Wanted.REFUSED, Wanted.ASKED_BACK]
    assert questions[1].sections == (NOW, "faqs/fees#overview")
    assert (questions[3].previous, questions[3].subject) == (("kapan saldo cair",), "known")


def test_the_share_found_first_and_among_three_is_counted(retriever: Retriever) -> None:
    right, wrong = found("kapan saldo cair", PAID), found("kapan saldo cair", "faqs/fees#commission-2025")
    counted = figures(retriever, right, right, right, wrong)

    assert (counted["questions"], counted["first"], counted["first_three"]) == (4, 0.75, 0.75)


def test_any_of_the_named_sections_will_do(retriever: Retriever) -> None:
    assert figures(retriever, found("kapan saldo cair", NOW, PAID))["first"] == 1


def test_a_question_that_leans_on_the_one_before_is_read_with_it(retriever: Retriever) -> None:
    assert figures(retriever, found("kalau ditunda?", PAID, previous=("kapan saldo cair",)))["first_three"] == 1


def test_what_must_be_refused_or_asked_back_about_is_not_looked_for(retriever: Retriever) -> None:
    others = (KnownQuestion("komisi shopee", Wanted.REFUSED), KnownQuestion("berapa", Wanted.ASKED_BACK))

    assert figures(retriever, *others) == {}
    assert figures(retriever, found("kapan saldo cair", PAID), *others)["questions"] == 1


def test_a_superseded_section_is_not_found_for_a_question_about_today(retriever: Retriever) -> None:
    assert figures(retriever, found("komisi mulai juni berapa", "faqs/fees#commission-2025"))["first_three"] == 0


@pytest.mark.parametrize(
    ("now", "before"), [(FLOOR, None), (1.0, 1.0), (0.9, 0.5), (0.9, 0.9 + MAY_FALL / 2), (FLOOR, FLOOR)]
)
def test_good_enough_figures_pass(now: float, before: float | None) -> None:
    published = {} if before is None else {"first_three": before}

    assert refusal({"first_three": now}, published) is None


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (FLOOR - 0.01, None, "at least"),
        (0.0, 0.0, "at least"),
        (0.8, 0.9, "the published one finds 90%"),
        (FLOOR - 0.01, 0.1, "at least"),
    ],
)
def test_figures_that_are_too_low_or_have_fallen_are_refused(now: float, before: float | None, reason: str) -> None:
    published = {} if before is None else {"first_three": before}

    assert reason in str(refusal({"first_three": now}, published))


def test_without_known_questions_nothing_is_refused() -> None:
    assert refusal({}, {}) is None


def test_an_index_that_finds_less_is_not_published_and_the_old_one_stays(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    first = make(store, knowledge, embedder)
    publish(store)
    change(
        knowledge / "questions/known.yaml", "section: faqs/fees#commission-now\n", "section: announcements/news#share\n"
    )
    change(knowledge / "questions/known.yaml", "- text: kapan saldo cair\n  section: faqs/payouts#when-paid",
           "- text: kapan saldo cair\n  section: announcements/news#closing")  # fmt: skip
    worse = make(store, knowledge, embedder)

    assert worse.gate["first_three"] < first.gate["first_three"] == 1
    with pytest.raises(GenerationError, match=r"is not published: .*--force\.$"):
        publish(store)
    assert store.published() == first.name
    assert publish(store, force=True).name == worse.name
