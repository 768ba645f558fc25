from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from bot.answers import Answer, Outcome, Question


def answer(markup: str) -> Answer:
    return Answer(Outcome.ANSWERED, "id", markup, 0.9, "generation-1")


def test_the_text_reads_like_the_markup_without_its_signs() -> None:
    markup = "**Komisi**\n\n- 4% untuk fashion\n\n📎 Sumber: [TikTok](https://seller.example/fees) (2026)"

    assert answer(markup).text == (
        "Komisi\n\n- 4% untuk fashion\n\n📎 Sumber: TikTok (https://seller.example/fees) (2026)"
    )


def test_stars_that_are_no_bold_stay_in_the_text() -> None:
    assert answer("5 ** 2 dan * bintang").text == "5 ** 2 dan * bintang"


def test_an_answer_has_nothing_but_its_words_unless_told() -> None:
    bare = answer("Ya.")

    assert (bare.citations, bare.options, bare.candidates, dict(bare.timings)) == ((), (), (), {})


def test_a_question_asks_about_today_in_no_language_unless_told() -> None:
    question = Question("komisi berapa?", date(2026, 11, 25))

    assert (question.previous, question.language, question.on, question.platform) == ((), None, None, None)


@pytest.mark.parametrize("thing", [answer("Ya."), Question("komisi?", date(2026, 11, 25))])
def test_questions_and_answers_cannot_be_changed_once_made(thing: Answer | Question) -> None:
    with pytest.raises(FrozenInstanceError):
        thing.language = "en"  # type: ignore[misc]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_is_its_own_word(outcome: Outcome) -> None:
    assert outcome == str(outcome) and outcome in {"answered", "clarify", "declined", "smalltalk"}
