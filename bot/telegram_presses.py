"""What the bot does when a button is pressed."""

import asyncio
from collections.abc import Callable

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.ext import ContextTypes

from bot.answers import Answer, Option, Question
from bot.background import background
from bot.rechecking import rechecked
from bot.remembered import NotTheirTurn, StoredTurn, Verdict
from bot.telegram_command_presses import Action, CommandPresses
from bot.telegram_handoff_presses import HandoffPresses
from bot.telegram_inbox import Sent
from bot.telegram_keyboards import REASONS, rated_keyboard, reasons_keyboard, topics_keyboard, without_person
from bot.telegram_parts import Parts
from bot.telegram_press import OldButton, Press
from bot.telegram_turns import Asked
from bot.wording import say
from indexer.sections import Language


class Presses:
    """The handlers of buttons. Each press is answered, so that no button keeps spinning."""

    def __init__(self, parts: Parts) -> None:
        self._answerer = parts.answerer
        self._storage = parts.storage
        self._patience = parts.patience
        self._delivery = parts.delivery
        self._turns = parts.turns
        self._people = parts.people
        self._today = parts.today
        self._actions: dict[str, Action] = {
            "right": lambda press: self._rate(press, "right"),
            "not_right": self._ask_for_reason,
            "reason": self._reason,
            "recheck": self._recheck,
            "background": self._background,
            "rated": self._rated,
            "other": self._in_other_language,
            "person": self._person,
            "option": self._option,
            "topics": self._topics,
            "topic": self._topic,
            "language": self._language,
            **CommandPresses(parts).actions(),
            **HandoffPresses(parts).actions(),
        }

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> Sent | None:
        """Do what the button says; one that is too old gets a kind line."""
        press, action = await self._opened(update)
        try:
            return await self._actions.get(action, _unknown)(press)
        except (OldButton, NotTheirTurn):
            await self._delivery.answer_press(press.query.id)
            await self._delivery.send(press.chat_id, say(press.language, "telegram.old_button"))
            return None

    async def _opened(self, update: Update) -> tuple[Press, str]:
        query, chat = update.callback_query, update.effective_chat
        assert query, "only updates with a pressed button come here"
        assert chat
        person = query.from_user
        seller = await self._patience.store(self._storage.remember_seller, person.id, person.language_code)
        action, *arguments = (query.data or "").split(":")
        return Press(update.update_id, query, chat.id, seller, tuple(arguments)), action

    async def _rate(self, press: Press, verdict: Verdict) -> None:
        turn = await self._turn(press)
        await self._patience.store(self._storage.rate, turn.id, press.chat_id, verdict)
        await self._delivery.answer_press(press.query.id, say(turn.language, f"telegram.thanks_{verdict}"))
        await self._change(press, lambda shown: rated_keyboard(shown, turn.id, turn.language))

    async def _ask_for_reason(self, press: Press) -> None:
        """Keep the rating at once, and ask what is not right."""
        turn = await self._turn(press)
        await self._patience.store(self._storage.rate, turn.id, press.chat_id, "not_right")
        await self._delivery.answer_press(press.query.id, say(turn.language, "telegram.thanks_not_right"))
        await self._change(press, lambda shown: reasons_keyboard(shown, turn.id, turn.language))

    async def _reason(self, press: Press) -> None:
        turn = await self._turn(press)
        reason = press.arguments[1] if len(press.arguments) > 1 else ""
        if reason not in {name for pair in REASONS for name in pair}:
            raise OldButton
        await self._patience.store(self._storage.rate, turn.id, press.chat_id, "not_right", reason)
        await self._delivery.answer_press(press.query.id, say(turn.language, "reason.noted"))
        await self._change(press, lambda shown: rated_keyboard(shown, turn.id, turn.language))

    async def _recheck(self, press: Press) -> Sent | None:
        """Say whether an older answer still stands: the same, changed, or no longer covered."""
        turn = await self._turn(press)
        earlier = await self._patience.store(self._storage.earlier_messages, press.chat_id, before=turn.asked_at)
        await self._delivery.answer_press(press.query.id)
        still = await asyncio.to_thread(rechecked, self._answerer, turn, earlier, self._today())
        if still.answer is None:
            await self._delivery.send(press.chat_id, say(turn.language, f"recheck.now_{still.finding}", day=still.day))
            return None
        return await self._turns.send(_asked(press, turn.asked), still.answer)

    async def _background(self, press: Press) -> None:
        """Show what stands behind an answer: all sources, and the history of the rule."""
        turn = await self._turn(press)
        there = self._answerer.knowledge().sections
        cited = [there[one.section] for one in turn.sections if one.cited and one.section in there]
        if not cited:
            raise OldButton
        await self._delivery.answer_press(press.query.id)
        text = "\n\n".join(background(section, there, turn.language) for section in cited)
        await self._delivery.send(press.chat_id, text)

    async def _rated(self, press: Press) -> None:
        await self._delivery.answer_press(press.query.id, say(press.language, "telegram.rated_already"))

    async def _person(self, press: Press) -> None:
        turn = await self._turn(press)
        await self._delivery.answer_press(press.query.id)
        await self._people.by_button(turn, press.chat_id)
        await self._change(press, without_person)

    async def _in_other_language(self, press: Press) -> Sent:
        turn = await self._turn(press)
        await self._delivery.answer_press(press.query.id)
        earlier = await self._patience.store(self._storage.earlier_messages, press.chat_id, before=turn.asked_at)
        answer = await asyncio.to_thread(self._same, turn, earlier)
        # Whoever reads it in the other language wants the next answers in it too.
        await self._patience.store(self._storage.set_language, press.seller.chat_id, answer.language)
        return await self._turns.send(_asked(press, turn.asked), answer)

    def _same(self, turn: StoredTurn, earlier: tuple[str, ...]) -> Answer:
        """Return what a turn said, in the other language."""
        language, today = _other(turn.language), self._today()
        answer = self._answerer.answer(Question(turn.asked, today, earlier, language))
        said = [section.section for section in turn.sections if section.cited]
        if len(said) == 1 and [citation.section for citation in answer.citations] != said:
            return self._show(said[0], language)
        return answer

    async def _option(self, press: Press) -> Sent:
        turn = await self._turn(press)
        number = press.number(1)
        if not 1 <= number <= len(turn.options):
            raise OldButton
        option = turn.options[number - 1]
        answer = await asyncio.to_thread(self._show, option.section, turn.language)
        await self._delivery.answer_press(press.query.id)
        return await self._turns.send(_asked(press, option.title), answer)

    async def _topics(self, press: Press) -> None:
        language = press.language_at(0)
        topics = await asyncio.to_thread(self._answerer.topics, language)
        await self._delivery.answer_press(press.query.id)
        await self._delivery.send(press.chat_id, say(language, "telegram.topics"), topics_keyboard(topics, language))

    async def _topic(self, press: Press) -> Sent:
        language = press.language_at(1)
        topic, answer = await asyncio.to_thread(self._topic_answer, press.arguments[0], language)
        await self._delivery.answer_press(press.query.id)
        other = f"topic:{topic.section}:{_other(language)}"
        return await self._turns.send(_asked(press, topic.title), answer, other)

    async def _language(self, press: Press) -> None:
        language = press.language_at(0)
        await self._patience.store(self._storage.set_language, press.chat_id, language)
        await self._delivery.answer_press(press.query.id)
        await self._delivery.send(press.chat_id, say(language, "telegram.language_chosen"))

    def _topic_answer(self, slug: str, language: Language) -> tuple[Option, Answer]:
        try:
            answer = self._answerer.topic(slug, language, self._today())
        except KeyError:
            raise OldButton from None
        topic = next(topic for topic in self._answerer.topics(language) if topic.section == slug)
        return topic, answer

    def _show(self, section: str, language: Language) -> Answer:
        try:
            return self._answerer.show(section, language, self._today())
        except KeyError:
            raise OldButton from None

    async def _turn(self, press: Press) -> StoredTurn:
        """Return the turn that the button stands under."""
        turn = await self._patience.store(self._storage.turn, press.number(0))
        if turn is None or turn.chat_id != press.chat_id:
            raise OldButton
        return turn

    async def _change(self, press: Press, change: Callable[[InlineKeyboardMarkup], InlineKeyboardMarkup]) -> None:
        """Change the buttons that the message shows; of a message that is too old to be seen they stay."""
        message = press.query.message
        if isinstance(message, Message) and message.reply_markup:
            keyboard = change(message.reply_markup)
            await self._delivery.change_keyboard(press.chat_id, message.message_id, keyboard)


async def _unknown(_: Press) -> None:
    raise OldButton


def _asked(press: Press, text: str) -> Asked:
    return Asked(press.chat_id, press.update_id, text, press.at)


def _other(language: Language) -> Language:
    return "en" if language == "id" else "id"
