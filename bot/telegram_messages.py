"""What the bot does with a seller's messages: commands, questions, and what is no text."""

import asyncio
from collections import deque

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.answers import Answer, Outcome, Question
from bot.remembered import Seller
from bot.smalltalk import split_talk
from bot.telegram_inbox import Sent
from bot.telegram_keyboards import languages_keyboard, topics_keyboard
from bot.telegram_offers import Offers
from bot.telegram_parts import Parts
from bot.telegram_turns import Asked, language_of
from bot.wording import say

Context = ContextTypes.DEFAULT_TYPE


class Messages:
    """The handlers of messages in private chats."""

    def __init__(self, parts: Parts) -> None:
        self._answerer = parts.answerer
        self._storage = parts.storage
        self._patience = parts.patience
        self._delivery = parts.delivery
        self._turns = parts.turns
        self._people = parts.people
        self._today = parts.today
        self._offers = Offers()
        self._albums: deque[str] = deque(maxlen=1000)

    async def greet(self, update: Update, _: Context) -> None:
        """Greet in the language of the seller's app and offer the topics."""
        message, seller = await self._opened(update)
        language = language_of(seller)
        topics = await asyncio.to_thread(self._answerer.topics, language)
        await self._delivery.send(
            message.chat_id, say(language, "telegram.greeting"), topics_keyboard(topics, language)
        )

    async def help(self, update: Update, _: Context) -> None:
        """Say what the bot can do and how."""
        await self._say(update, "telegram.help")

    async def offer_languages(self, update: Update, _: Context) -> None:
        """Let the seller choose a language."""
        message, seller = await self._opened(update)
        text = say(language_of(seller), "telegram.choose_language")
        await self._delivery.send(message.chat_id, text, languages_keyboard())

    async def unknown_command(self, update: Update, _: Context) -> None:
        """Name the commands that there are."""
        await self._say(update, "telegram.unknown_command")

    async def not_text(self, update: Update, _: Context) -> None:
        """Say that only text is read; once for an album, which comes as one message per picture."""
        album = update.message.media_group_id if update.message else None
        if album is not None and album in self._albums:
            return
        await self._say(update, "telegram.not_text")
        if album is not None:
            self._albums.append(album)

    async def question(self, update: Update, _: Context) -> Sent:
        """Answer a question, with a sign of typing meanwhile."""
        message, seller = await self._opened(update)
        asked = Asked(message.chat_id, update.update_id, message.text or "", message.date)
        answer, _typing = await asyncio.gather(self._answer(asked, seller), self._delivery.type(message.chat_id))
        if answer.outcome is Outcome.SMALLTALK and split_talk(asked.text).kind == "person":
            return await self._people.by_words(asked, answer)
        sent = await self._turns.send(asked, answer)
        self._offers.note(asked.chat_id, answer)
        return sent

    async def ignore(self, _update: Update, _: Context) -> None:
        """Do nothing: a service message, such as a pinned one."""

    async def _answer(self, asked: Asked, seller: Seller) -> Answer:
        return await self._chosen(asked) or await self._found(asked, seller)

    async def _chosen(self, asked: Asked) -> Answer | None:
        choice = self._offers.chosen(asked.chat_id, asked.text)
        if choice is None:
            return None
        option, language = choice
        try:
            return await asyncio.to_thread(self._answerer.show, option.section, language, self._today())
        except KeyError:  # the section went with a newer index
            return None

    async def _found(self, asked: Asked, seller: Seller) -> Answer:
        previous = await self._patience.store(self._storage.earlier_messages, asked.chat_id, before=asked.at)
        question = Question(asked.text, self._today(), previous, seller.language)
        return await asyncio.to_thread(self._answerer.answer, question)

    async def _say(self, update: Update, key: str) -> None:
        message, seller = await self._opened(update)
        await self._delivery.send(message.chat_id, say(language_of(seller), key))

    async def _opened(self, update: Update) -> tuple[Message, Seller]:
        """Return the message and its seller, who is remembered with it."""
        message, user = update.message, update.effective_user
        assert message, "only updates with a message come here"
        code = user.language_code if user else None
        return message, await self._patience.store(self._storage.remember_seller, message.chat_id, code)
