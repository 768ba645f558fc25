import dataclasses

import pytest
from telegram import InlineKeyboardMarkup

from bot.answers import Answer, Option, Outcome
from bot.markup import split, to_html
from bot.telegram_app import COMMANDS
from bot.telegram_keyboards import (
    answer_keyboard,
    languages_keyboard,
    rated_keyboard,
    topics_keyboard,
    without_person,
)
from bot.wording import say
from indexer.sections import LANGUAGES, Language
from tests.fake_telegram_html import parse

LAST_TURN = 2**63 - 1
OPTIONS = tuple(Option(f"faqs/very-long-document-name#very-long-section-name-{n}", f"Judul {n}") for n in range(8))
ANSWER = Answer(Outcome.ANSWERED, "id", "Ya.", 1.0, "g", options=OPTIONS)


def data_of(keyboard: InlineKeyboardMarkup) -> list[str]:
    return [str(button.callback_data) for row in keyboard.inline_keyboard for button in row]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_data_of_every_button_fits_into_64_bytes(outcome: Outcome) -> None:
    keyboard = answer_keyboard(LAST_TURN, dataclasses.replace(ANSWER, outcome=outcome))
    assert all(0 < len(data.encode()) <= 64 for data in data_of(keyboard))


def test_an_answer_shows_three_related_questions_and_a_question_back_shows_all() -> None:
    assert sum(data.startswith("option:7:") for data in data_of(answer_keyboard(7, ANSWER))) == 3
    asking = dataclasses.replace(ANSWER, outcome=Outcome.CLARIFY)
    assert data_of(answer_keyboard(7, asking)) == [*(f"option:7:{n}" for n in range(1, 9)), "other:7", "person:7"]


def test_small_talk_is_not_rated() -> None:
    keyboard = answer_keyboard(7, dataclasses.replace(ANSWER, outcome=Outcome.SMALLTALK))
    assert data_of(keyboard) == ["topics:id", "other:7"]


def test_the_other_language_can_be_opened_in_another_way() -> None:
    assert "topic:fees:en" in data_of(answer_keyboard(7, ANSWER, "topic:fees:en"))


def test_topics_stand_two_in_a_row() -> None:
    keyboard = topics_keyboard([Option(f"t{n}", f"Topik {n}") for n in range(5)], "en")
    assert [len(row) for row in keyboard.inline_keyboard] == [2, 2, 1]
    assert data_of(keyboard)[0] == "topic:t0:en"


def test_a_topic_whose_name_does_not_fit_is_left_out() -> None:
    assert data_of(topics_keyboard([Option("x" * 60, "Lama"), Option("tax", "Pajak")], "id")) == ["topic:tax:id"]


def test_each_language_is_offered_in_its_own_words() -> None:
    (row,) = languages_keyboard().inline_keyboard
    assert [(button.text, button.callback_data) for button in row] == [
        ("Bahasa Indonesia", "language:id"),
        ("English", "language:en"),
    ]


def test_only_the_rating_gives_way_to_thanks() -> None:
    keyboard = answer_keyboard(7, dataclasses.replace(ANSWER, options=()))
    assert data_of(rated_keyboard(keyboard, 7, "id")) == ["rated:7", "other:7", "person:7"]
    assert data_of(without_person(keyboard)) == ["right:7", "not_right:7", "other:7"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_fit_their_places(language: Language) -> None:
    for key in ("thanks_right", "thanks_not_right", "rated_already"):
        assert len(say(language, f"telegram.{key}")) <= 200, "an answer to a pressed button"
    for key in ("right", "not_right", "rated", "in_other_language", "person", "see_topics", "language"):
        assert len(say(language, f"telegram.{key}")) <= 24, "a button"
    for name in COMMANDS[language]:
        assert len(say(language, f"telegram.command_{name}")) <= 40, "a line of the menu"


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_one_message_of_valid_html(language: Language) -> None:
    for key in ("greeting", "help", "topics", "choose_language", "language_chosen", "unknown_command", "not_text",
                "person_told", "person_noted", "person_again", "old_button", "trouble"):  # fmt: skip
        (piece,) = split(say(language, f"telegram.{key}"))
        assert parse(to_html(piece))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_the_commands_of_the_menu(language: Language) -> None:
    for name in COMMANDS[language]:
        assert f"/{name}" in say(language, "telegram.help")
        assert f"/{name}" in say(language, "telegram.unknown_command")
