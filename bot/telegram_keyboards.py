"""The buttons, and what stands in them: an action and the turn it acts on, in at most 64 bytes."""

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import Answer, Option, Outcome
from bot.wording import say
from indexer.sections import LANGUAGES, Language

MOST_RELATED = 3  # related questions under an answer; when the bot asks back, all options are shown
_MOST_BYTES = 64


def topics_keyboard(topics: Iterable[Option], language: Language) -> InlineKeyboardMarkup:
    """Return the topics, two in a row."""
    fields = [(topic.title, f"topic:{topic.section}:{language}") for topic in topics]
    buttons = [_button(title, data) for title, data in fields if len(data.encode()) <= _MOST_BYTES]
    return InlineKeyboardMarkup([buttons[start : start + 2] for start in range(0, len(buttons), 2)])


def languages_keyboard() -> InlineKeyboardMarkup:
    """Return the languages to choose from, each in its own words."""
    return InlineKeyboardMarkup(
        [[_button(say(language, "telegram.language"), f"language:{language}") for language in LANGUAGES]]
    )


def answer_keyboard(turn_id: int, answer: Answer, other_data: str | None = None) -> InlineKeyboardMarkup:
    """Return what can be done with an answer. `other_data` opens the same in the other language in its own way."""
    language = answer.language
    in_other = _button(say(language, "telegram.in_other_language"), other_data or f"other:{turn_id}")
    if answer.outcome is Outcome.SMALLTALK:
        return InlineKeyboardMarkup([[_button(say(language, "telegram.see_topics"), f"topics:{language}"), in_other]])
    person = _button(say(language, "telegram.person"), f"person:{turn_id}")
    return InlineKeyboardMarkup([*_ratings(turn_id, answer), *_options(turn_id, answer), [in_other, person]])


def rated_keyboard(shown: InlineKeyboardMarkup, turn_id: int, language: Language) -> InlineKeyboardMarkup:
    """Return the buttons with thanks in place of the rating."""
    thanks = _button(say(language, "telegram.rated"), f"rated:{turn_id}")
    rows = [[thanks] if _acts(row, "right") else row for row in shown.inline_keyboard]
    return InlineKeyboardMarkup(rows)


def without_person(shown: InlineKeyboardMarkup) -> InlineKeyboardMarkup:
    """Return the buttons without the one that asks for a person."""
    rows = ([button for button in row if not _acts([button], "person")] for row in shown.inline_keyboard)
    return InlineKeyboardMarkup([row for row in rows if row])


def _ratings(turn_id: int, answer: Answer) -> list[list[InlineKeyboardButton]]:
    if answer.outcome is Outcome.CLARIFY:
        return []
    pairs = (("telegram.right", "right"), ("telegram.not_right", "not_right"))
    return [[_button(say(answer.language, key), f"{action}:{turn_id}") for key, action in pairs]]


def _options(turn_id: int, answer: Answer) -> list[list[InlineKeyboardButton]]:
    asked_back = answer.outcome is Outcome.CLARIFY
    shown = answer.options if asked_back else answer.options[:MOST_RELATED]
    return [
        [_button(f"{number}. {option.title}" if asked_back else f"➡️ {option.title}", f"option:{turn_id}:{number}")]
        for number, option in enumerate(shown, 1)
    ]


def _acts(row: Sequence[InlineKeyboardButton], action: str) -> bool:
    return any(str(button.callback_data).startswith(f"{action}:") for button in row)


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)
