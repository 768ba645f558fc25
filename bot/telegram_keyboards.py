"""The buttons, and what stands in them: an action and the turn it acts on, in at most 64 bytes."""

from collections.abc import Iterable, Sequence, Set

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import Answer, Option, Outcome
from bot.browsing import Page, code_of
from bot.wording import say
from indexer.sections import LANGUAGES, Language, Platform, Section

MOST_RELATED = 3  # related questions under an answer; when the bot asks back, all options are shown
_MOST_BYTES = 64
# Why an answer is not right, as they stand beside each other.
REASONS = (("incorrect", "incomplete"), ("outdated", "misunderstood"), ("something_else",))


def topics_keyboard(topics: Iterable[Option], language: Language, action: str = "topic") -> InlineKeyboardMarkup:
    """Return the topics, two in a row; the action opens their overview, or lets the seller leaf through them."""
    fields = [(topic.title, f"{action}:{topic.section}:{language}") for topic in topics]
    buttons = [_button(title, data) for title, data in fields if len(data.encode()) <= _MOST_BYTES]
    return InlineKeyboardMarkup([buttons[start : start + 2] for start in range(0, len(buttons), 2)])


def languages_keyboard() -> InlineKeyboardMarkup:
    """Return the languages to choose from, each in its own words."""
    return InlineKeyboardMarkup(
        [[_button(say(language, "telegram.language"), f"language:{language}") for language in LANGUAGES]]
    )


def page_keyboard(page: Page, slug: str, language: Language) -> InlineKeyboardMarkup:
    """Return the sections of a page by their numbers, and the ways to other pages and topics."""
    numbers = [
        _button(str(place), f"section:{code_of(section.id)}:{language}")
        for place, section in enumerate(page.sections, 1)
    ]
    rows = [numbers[start : start + 4] for start in range(0, len(numbers), 4)]
    turns = []
    if page.number > 0:
        turns.append(_button(say(language, "commands.page_before"), f"browse:{slug}:{language}:{page.number - 1}"))
    if page.number + 1 < page.pages:
        turns.append(_button(say(language, "commands.page_after"), f"browse:{slug}:{language}:{page.number + 1}"))
    back = [_button(say(language, "telegram.see_topics"), f"topiclist:{language}")]
    return InlineKeyboardMarkup([*rows, *([turns] if turns else []), back])


def sections_keyboard(sections: Iterable[Section], language: Language) -> InlineKeyboardMarkup:
    """Return the sections by their headings, one in a row."""
    return InlineKeyboardMarkup(
        [[_button(f"➡️ {s.text(language).heading}", f"section:{code_of(s.id)}:{language}")] for s in sections]
    )


def news_keyboard(sections: Iterable[Section], language: Language) -> InlineKeyboardMarkup:
    """Return the sections of a piece of news, and the way out of all news."""
    rows = sections_keyboard(sections, language).inline_keyboard
    return InlineKeyboardMarkup([*rows, [_button(say(language, "commands.stop"), "unsubscribe")]])


def sides_keyboard(language: Language, chosen: Platform | None) -> InlineKeyboardMarkup:
    """Return the sides to choose from, the chosen one marked."""
    labels = {side: say(language, f"answer.side_{side}") for side in Platform}
    chosen = chosen or Platform.BOTH
    return InlineKeyboardMarkup(
        [[_button(f"✅ {label}" if side is chosen else label, f"side:{side}")] for side, label in labels.items()]
    )


def subscriptions_keyboard(topics: Iterable[Option], chosen: Set[str], language: Language) -> InlineKeyboardMarkup:
    """Return the topics to subscribe to, the chosen ones marked."""
    return InlineKeyboardMarkup(
        [
            [_button(f"{'🔔' if t.section in chosen else '🔕'} {t.title}", f"subscribe:{t.section}:{language}")]
            for t in topics
        ]
    )


def erase_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Return the question whether everything is to be erased."""
    labels = (("commands.erase_yes", "erase"), ("commands.erase_no", "keep"))
    return InlineKeyboardMarkup([[_button(say(language, key), f"{action}:{language}") for key, action in labels]])


def back_keyboard(handoff_id: int, language: Language) -> InlineKeyboardMarkup:
    """Return the way from a person back to the bot."""
    return InlineKeyboardMarkup([[_button(say(language, "handoff.back"), f"back:{handoff_id}")]])


def offer_keyboard(turn_id: int, language: Language) -> InlineKeyboardMarkup:
    """Return the question whether an answer that came later is still wanted."""
    labels = (("handoff.news_yes", "yes"), ("handoff.news_no", "no"))
    return InlineKeyboardMarkup([[_button(say(language, key), f"news:{turn_id}:{choice}") for key, choice in labels]])


def take_keyboard(handoff_id: int) -> InlineKeyboardMarkup:
    """Return, for the staff group, the way to take a seller over."""
    return InlineKeyboardMarkup([[_button(say("id", "staff_group.take"), f"take:{handoff_id}")]])


def give_back_keyboard(handoff_id: int) -> InlineKeyboardMarkup:
    """Return, for the staff group, the way to give a seller back to the bot."""
    return InlineKeyboardMarkup([[_button(say("id", "staff_group.give_back"), f"giveback:{handoff_id}")]])


def answer_keyboard(turn_id: int, answer: Answer, other_data: str | None = None) -> InlineKeyboardMarkup:
    """Return what can be done with an answer. `other_data` opens the same in the other language in its own way."""
    language = answer.language
    in_other = _button(say(language, "telegram.in_other_language"), other_data or f"other:{turn_id}")
    if answer.outcome is Outcome.SMALLTALK:
        return InlineKeyboardMarkup([[_button(say(language, "telegram.see_topics"), f"topics:{language}"), in_other]])
    person = _button(say(language, "telegram.person"), f"person:{turn_id}")
    last = [in_other, person]
    more = (("recheck.button", "recheck"), ("background.button", "background"))
    again = [[_button(say(language, key), f"{action}:{turn_id}") for key, action in more]] if answer.citations else []
    return InlineKeyboardMarkup([*_ratings(turn_id, answer), *_options(turn_id, answer), *again, last])


def rated_keyboard(shown: InlineKeyboardMarkup, turn_id: int, language: Language) -> InlineKeyboardMarkup:
    """Return the buttons with thanks in place of the rating."""
    thanks = _button(say(language, "telegram.rated"), f"rated:{turn_id}")
    rows = [row for row in shown.inline_keyboard if not (_acts(row, "right") or _acts(row, "reason"))]
    return InlineKeyboardMarkup([[thanks], *rows])


def reasons_keyboard(shown: InlineKeyboardMarkup, turn_id: int, language: Language) -> InlineKeyboardMarkup:
    """Return the buttons with the reasons to choose from in place of the rating."""
    reasons = [
        [_button(say(language, f"reason.because_{reason}"), f"reason:{turn_id}:{reason}") for reason in pair]
        for pair in REASONS
    ]
    rows = [row for row in shown.inline_keyboard if not _acts(row, "right")]
    return InlineKeyboardMarkup([*reasons, *rows])


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
