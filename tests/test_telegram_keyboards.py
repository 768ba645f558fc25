import dataclasses
import re

import pytest
from telegram import InlineKeyboardMarkup

from bot.answers import Answer, Option, Outcome
from bot.browsing import Page
from bot.markup import split, to_html
from bot.rehearsal.fake_telegram_html import parse
from bot.telegram_commands import ALL, GROUP_MENU, MENU, PRIVATE
from bot.telegram_keyboards import (
    REASONS,
    answer_keyboard,
    languages_keyboard,
    news_keyboard,
    page_keyboard,
    rated_keyboard,
    reasons_keyboard,
    sides_keyboard,
    subscriptions_keyboard,
    topics_keyboard,
    without_person,
)
from bot.wording import say
from indexer.sections import LANGUAGES, Language, Platform
from tests.scripted_answerer import section

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
    for name in MENU[language]:
        assert len(say(language, f"telegram.command_{name}")) <= 40, "a line of the menu"
    answers = [say(language, f"commands.side_kept_{side}") for side in Platform] + [say(language, "reason.noted")]
    answers += [say(language, f"commands.{key}", topic="x" * 40) for key in ("subscribed", "unsubscribed")]
    assert max(map(len, answers)) <= 200, "an answer to a pressed button"
    buttons = [f"reason.because_{reason}" for pair in REASONS for reason in pair] + [
        "recheck.button",
        "background.button",
    ]
    buttons += [f"commands.{key}" for key in ("page_before", "page_after", "stop", "erase_yes", "erase_no")]
    assert max(len(say(language, key)) for key in buttons) <= 24, "a button"


@pytest.mark.parametrize("language", LANGUAGES)
def test_longer_texts_are_one_message_of_valid_html_too(language: Language) -> None:
    names = ("turns", "topics", "ratings", "person_requests", "subscriptions", "handoffs", "reviews", "proposals")
    filled: dict[str, object] = {"link": "x.id", **dict.fromkeys(names, 1)}
    for key in ("commands.topics", "commands.side", "commands.subscribe", "commands.erase", "commands.erased",
                "commands.privacy", "commands.my_data", "commands.gone", "guard.of_code", "guard.of_password",
                "guard.of_card", "guard.of_link", "guard.end", "telegram.busy", "telegram.slowly",
                "telegram.late"):  # fmt: skip
        (piece,) = split(say(language, key, **filled))
        assert parse(to_html(piece))[0]
    assert len(say(language, "commands.my_data")) <= 1024, "the caption of a file"


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_one_message_of_valid_html(language: Language) -> None:
    for key in ("greeting", "help", "topics", "choose_language", "language_chosen", "unknown_command", "not_text",
                "person_noted", "person_again", "old_button", "trouble"):  # fmt: skip
        (piece,) = split(say(language, f"telegram.{key}"))
        assert parse(to_html(piece))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_commands_that_are_in_the_menu(language: Language) -> None:
    named = set(re.findall(r"/(\w+)", say(language, "telegram.help") + say(language, "telegram.unknown_command")))
    assert len(named) >= 6
    assert named <= set(MENU[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_of_groups_is_part_of_the_whole_and_holds_nothing_private(language: Language) -> None:
    assert set(GROUP_MENU[language]) <= set(MENU[language])
    assert not set(GROUP_MENU[language]) & set(PRIVATE)


def test_each_command_has_a_name_in_both_languages() -> None:
    assert len(MENU["id"]) == len(MENU["en"]) == len(ALL) / 2 + 0.5  # /start is the same in both


def test_reasons_give_way_to_thanks_too() -> None:
    keyboard = answer_keyboard(7, dataclasses.replace(ANSWER, options=()))
    asking = reasons_keyboard(keyboard, 7, "id")

    assert data_of(asking)[:5] == [
        f"reason:7:{r}" for r in ("incorrect", "incomplete", "outdated", "misunderstood", "something_else")
    ]
    assert data_of(rated_keyboard(asking, 7, "id")) == ["rated:7", "other:7", "person:7"]
    assert all(len(data.encode()) <= 64 for data in data_of(reasons_keyboard(keyboard, LAST_TURN, "id")))


def test_a_page_of_a_topic_can_be_turned_and_left() -> None:
    sections = tuple(section(f"faqs/b#s{number}") for number in range(8))
    first, middle = Page(sections, 0, 3), Page(sections, 1, 3)

    assert data_of(page_keyboard(first, "fees", "id"))[-2:] == ["browse:fees:id:1", "topiclist:id"]
    assert data_of(page_keyboard(middle, "fees", "id"))[-3:] == ["browse:fees:id:0", "browse:fees:id:2", "topiclist:id"]
    assert data_of(page_keyboard(Page(sections, 0, 1), "fees", "id"))[-1] == "topiclist:id"
    assert [button.text for row in page_keyboard(first, "fees", "id").inline_keyboard[:2] for button in row] == list(
        "12345678"
    )


def test_the_chosen_side_and_the_subscribed_topics_are_marked() -> None:
    sides = [button.text for row in sides_keyboard("id", Platform.TOKOPEDIA).inline_keyboard for button in row]
    topics = [Option("fees", "Biaya"), Option("tax", "Pajak")]
    subscribed = subscriptions_keyboard(topics, {"tax"}, "id").inline_keyboard

    assert sides == ["✅ Tokopedia", "TikTok Shop", "Tokopedia & TikTok Shop"]
    assert [row[0].text for row in subscribed] == ["🔕 Biaya", "🔔 Pajak"]


def test_news_can_be_left_in_one_tap() -> None:
    assert data_of(news_keyboard([section("faqs/a#one")], "id"))[-1] == "unsubscribe"
