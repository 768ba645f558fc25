"""What the bot does with a seller's messages: commands, questions, and what is no text."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.answers import Answer, Outcome, Question
from bot.guard import Guarded, guarded
from bot.remembered import Seller
from bot.rumours import checked
from bot.smalltalk import split_talk
from bot.telegram_commands import Commands
from bot.telegram_drafts import drafting
from bot.telegram_groups import in_group, place_of, spoken
from bot.telegram_handed_over import HandedOver
from bot.telegram_inbox import Sent
from bot.telegram_keyboards import languages_keyboard, topics_keyboard
from bot.telegram_offers import Offers
from bot.telegram_parts import Parts
from bot.telegram_turns import Asked, language_of
from bot.wording import say
from indexer.sections import Language

Context = ContextTypes.DEFAULT_TYPE

AT_ONCE = 0.3  # seconds in which nobody misses a sign that an answer is being written


class Messages:
    """The handlers of messages."""

    def __init__(self, parts: Parts) -> None:
        self._answerer = parts.answerer
        self._storage = parts.storage
        self._patience = parts.patience
        self._delivery = parts.delivery
        self._turns = parts.turns
        self._people = parts.people
        self._handed_over = HandedOver(parts.patience, parts.desk)
        self._today = parts.today
        self._offers = Offers()
        self._albums: deque[str] = deque(maxlen=1000)
        self._commands = Commands(parts)
        self._name = parts.username

    async def greet(self, update: Update, context: Context) -> object:
        """Greet in the language of the seller's app and offer the topics; from a link, open its section."""
        if context.args:
            return await self._commands.open_section(update, context.args[0])
        message, seller = await self._opened(update)
        language = language_of(seller)
        topics = await asyncio.to_thread(self._answerer.topics, language)
        await self._delivery.send(
            message.chat_id, say(language, "telegram.greeting"), topics_keyboard(topics, language)
        )
        return None

    async def help(self, update: Update, _: Context) -> None:
        """Say what the bot can do and how."""
        await self._say(update, "telegram.help")

    async def offer_languages(self, update: Update, _: Context) -> None:
        """Let the seller choose a language."""
        message, seller = await self._opened(update)
        text = say(language_of(seller), "telegram.choose_language")
        await self._delivery.send(message.chat_id, text, languages_keyboard())

    async def not_text(self, update: Update, _: Context) -> Sent | None:
        """Pass it on where a person is there; else say that only text is read, once for an album of many pictures."""
        message, seller = await self._opened(update)
        handoff = await self._handed_over.handoff(message.chat_id)
        if handoff:
            asked, found = self._read(message, update)
            if found.dangers:
                return await self._turns.send(asked, _warned(found, language_of(seller)))
            if await self._handed_over.file_passed_on(handoff, message, asked):
                return None
        await self._say_once(update, "handoff.only_text" if handoff else "telegram.not_text", message.media_group_id)
        return None

    async def question(self, update: Update, _: Context) -> Sent | None:
        """Answer a question, with a sign of typing meanwhile; where a person is there, it goes to them."""
        message, seller = await self._opened(update)
        asked, found = self._read(message, update)
        if found.dangers:
            return await self._turns.send(asked, _warned(found, language_of(seller)))
        if await self._handed_over.passed_on(asked):
            return None
        answer = await self._with_sign_of_life(self._answer(asked, seller), message.chat_id)
        if answer.outcome is Outcome.SMALLTALK and split_talk(asked.text).kind == "person":
            return await self._people.by_words(asked, answer)
        sent = await self._turns.send(asked, answer)
        self._offers.note(asked.chat_id, answer)
        return sent

    async def rumour(self, update: Update, _: Context) -> Sent | None:
        """Hold a forwarded message against what our sources say; where a person is there, it goes to them."""
        message, seller = await self._opened(update)
        asked, found = self._read(message, update)
        if found.dangers:
            return await self._turns.send(asked, _warned(found, language_of(seller)))
        if await self._handed_over.passed_on(asked):
            return None
        answer = await asyncio.to_thread(checked, self._answerer, asked.text, seller.language, self._today())
        return await self._turns.send(asked, answer)

    async def edited(self, update: Update, _: Context) -> Sent | None:
        """Correct the answer to a message that was edited, while that is the newest; else let it be.

        Where a person is there, the new text goes to them.
        """
        message, user = update.edited_message, update.effective_user
        assert message and user, "only edited messages of people come here"
        if message.text and await self._handed_over.handoff(message.chat_id):
            return await self._edited_for_person(message, update)
        turn = await self._patience.store(self._storage.newest_turn_of_message, message.chat_id, message.message_id)
        if turn is None or turn.message_id is None or not message.text:
            return None
        seller = await self._patience.store(self._storage.remember_seller, user.id, user.language_code)
        asked, found = self._read(message, update)
        if found.dangers:
            return await self._turns.correct(asked, _warned(found, language_of(seller)), turn.message_id)
        answer = await self._found(asked, seller, before=turn.asked_at)
        return await self._turns.correct(asked, answer, turn.message_id)

    async def _edited_for_person(self, message: Message, update: Update) -> Sent | None:
        asked, found = self._read(message, update)
        if found.dangers:
            seller = await self._patience.store(self._storage.remember_seller, message.chat_id)
            return await self._turns.send(asked, _warned(found, language_of(seller)))
        await self._handed_over.passed_on(asked, edited=True)
        return None

    async def ignore(self, _update: Update, _: Context) -> None:
        """Do nothing: a service message, such as a pinned one."""

    def _read(self, message: Message, update: Update) -> tuple[Asked, Guarded]:
        """Return what is asked, or the caption, without its secrets, and what was dangerous in it."""
        found = guarded(spoken(message, self._name()) or message.caption or "")
        user_id = message.from_user.id if in_group(message) and message.from_user else None
        asked = Asked(
            message.chat_id, update.update_id, found.text, message.date, message.message_id, user_id, place_of(message)
        )
        return asked, found

    async def _with_sign_of_life(self, answering: Coroutine[Any, Any, Answer], chat_id: int) -> Answer:
        """Return the answer; where it is not there at once, as with a language model, show that it is being written."""
        task = asyncio.create_task(answering)
        done, _ = await asyncio.wait({task}, timeout=AT_ONCE)
        if not done:
            await self._delivery.type(chat_id)
        return await task

    async def _answer(self, asked: Asked, seller: Seller) -> Answer:
        return await self._chosen(asked) or await self._found(asked, seller, before=asked.at)

    async def _chosen(self, asked: Asked) -> Answer | None:
        choice = self._offers.chosen(asked.chat_id, asked.text)
        if choice is None:
            return None
        option, language = choice
        try:
            return await asyncio.to_thread(self._answerer.show, option.section, language, self._today())
        except KeyError:  # the section went with a newer index
            return None

    async def _found(self, asked: Asked, seller: Seller, before: datetime) -> Answer:
        previous = await self._patience.store(
            self._storage.earlier_messages, asked.chat_id, before=before, user_id=asked.user_id
        )
        question = Question(asked.text, self._today(), previous, seller.language, platform=seller.platform)
        if not self._answerer.writes or asked.user_id is not None:  # drafts are for private chats
            return await asyncio.to_thread(self._answerer.answer, question)
        async with drafting(self._delivery, asked.chat_id, asked.update_id) as shown:
            return await asyncio.to_thread(self._answerer.answer, question, shown)

    async def _say_once(self, update: Update, key: str, album: str | None) -> None:
        """Say something, but to an album, which comes as one message per picture, only once."""
        if album is not None and album in self._albums:
            return
        await self._say(update, key)
        if album is not None:
            self._albums.append(album)

    async def _say(self, update: Update, key: str) -> None:
        message, seller = await self._opened(update)
        await self._delivery.send(message.chat_id, say(language_of(seller), key), place=place_of(message))

    async def _opened(self, update: Update) -> tuple[Message, Seller]:
        """Return the message and its seller, who is remembered with it."""
        message, user = update.message, update.effective_user
        assert message and user, "only messages of people come here"
        return message, await self._patience.store(self._storage.remember_seller, user.id, user.language_code)


def _warned(found: Guarded, language: Language) -> Answer:
    """Return the warning about what is dangerous in a message; what it asks is not answered before that is heeded."""
    lines = [say(language, f"guard.of_{danger}", link=found.link or "") for danger in found.dangers]
    return Answer(Outcome.SMALLTALK, language, "\n\n".join([*lines, say(language, "guard.end")]), 1.0, "")
