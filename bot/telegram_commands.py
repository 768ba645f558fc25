"""The commands: topics to browse, what changed, the side, subscriptions, and what is stored of the seller."""

import asyncio
import difflib
import json
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot.browsing import TIMELINE, coming_changes, day_of_change, recent_changes, section_of
from bot.composing import day_in_words
from bot.remembered import Seller
from bot.telegram_keyboards import (
    erase_keyboard,
    sections_keyboard,
    sides_keyboard,
    subscriptions_keyboard,
    topics_keyboard,
)
from bot.telegram_parts import Parts
from bot.telegram_turns import Asked, language_of
from bot.wording import say
from indexer.sections import LANGUAGES, Language, Section

Context = ContextTypes.DEFAULT_TYPE
Handler = Callable[[Update, Context], Coroutine[Any, Any, object]]

# The menu of each language, in the order in which it is shown; each command is understood in both languages.
MENU: dict[Language, tuple[str, ...]] = {
    "id": (
        "start",
        "topik",
        "terbaru",
        "linimasa",
        "sisi",
        "langganan",
        "bahasa",
        "dataku",
        "hapus",
        "privasi",
        "bantuan",
    ),
    "en": (
        "start",
        "topics",
        "latest",
        "timeline",
        "side",
        "subscribe",
        "language",
        "mydata",
        "delete",
        "privacy",
        "help",
    ),
}
GROUP_MENU: dict[Language, tuple[str, ...]] = {
    "id": ("topik", "terbaru", "linimasa", "bantuan"),
    "en": ("topics", "latest", "timeline", "help"),
}
# What keeps or shows something of one person has no place in a group.
PRIVATE = ("sisi", "side", "langganan", "subscribe", "dataku", "mydata", "hapus", "delete", "bahasa", "language")
ALL = frozenset(name for names in MENU.values() for name in names)
_NEAR = 0.6


class Commands:
    """The handlers of commands that look through the knowledge or keep something about the seller."""

    def __init__(self, parts: Parts) -> None:
        self._answerer = parts.answerer
        self._storage = parts.storage
        self._patience = parts.patience
        self._delivery = parts.delivery
        self._turns = parts.turns
        self._today = parts.today
        self._username = parts.username

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """Return each pair of names, Indonesian and English, with what it does."""
        return {
            ("topik", "topics"): self.topics,
            ("terbaru", "latest"): self.latest,
            ("linimasa", "timeline"): self.timeline,
            ("sisi", "side"): self.side,
            ("langganan", "subscribe"): self.subscribe,
            ("dataku", "mydata"): self.my_data,
            ("hapus", "delete"): self.ask_whether_to_erase,
            ("privasi", "privacy"): self.privacy,
        }

    async def topics(self, update: Update, _: Context) -> None:
        """Offer the topics, to be leafed through."""
        chat_id, seller = await self._opened(update)
        language = language_of(seller)
        topics = await asyncio.to_thread(self._answerer.topics, language)
        keyboard = topics_keyboard(topics, language, action="browse")
        await self._delivery.send(chat_id, say(language, "commands.topics"), keyboard)

    async def latest(self, update: Update, _: Context) -> None:
        """List what began to hold lately and what is to come."""
        chat_id, seller = await self._opened(update)
        language, today = language_of(seller), self._today()
        snapshot = self._answerer.knowledge()
        recent, coming = recent_changes(snapshot, today), coming_changes(snapshot, today)
        lines = [say(language, "commands.latest"), "", *self._dated(recent, language)]
        if coming:
            lines += ["", say(language, "commands.coming"), "", *self._dated(coming, language)]
        await self._delivery.send(chat_id, "\n".join(lines), sections_keyboard([*recent, *coming], language))

    async def timeline(self, update: Update, _: Context) -> object:
        """Tell how it all came about, from the section that does."""
        return await self.open_section(update, TIMELINE)

    async def side(self, update: Update, _: Context) -> None:
        """Let the seller choose the side that they sell on."""
        chat_id, seller = await self._opened(update)
        language = language_of(seller)
        await self._delivery.send(chat_id, say(language, "commands.side"), sides_keyboard(language, seller.platform))

    async def subscribe(self, update: Update, _: Context) -> None:
        """Offer the topics of which a seller may be told when something changes."""
        chat_id, seller = await self._opened(update)
        language = language_of(seller)
        chosen = await self._patience.store(self._storage.subscribed_topics, chat_id)
        topics = await asyncio.to_thread(self._answerer.topics, language)
        keyboard = subscriptions_keyboard(topics, chosen, language)
        await self._delivery.send(chat_id, say(language, "commands.subscribe"), keyboard)

    async def my_data(self, update: Update, _: Context) -> None:
        """Send what is stored of the seller, as a file."""
        chat_id, seller = await self._opened(update)
        stored = await self._patience.store(self._storage.everything_of, chat_id)
        content = json.dumps(stored, ensure_ascii=False, indent=2, default=str).encode()
        await self._delivery.send_file(
            chat_id, "tanya-seller.json", content, say(language_of(seller), "commands.my_data")
        )

    async def ask_whether_to_erase(self, update: Update, _: Context) -> None:
        """Say what would be erased, and ask."""
        chat_id, seller = await self._opened(update)
        language = language_of(seller)
        stored = await self._patience.store(self._storage.everything_of, chat_id)
        text = say(language, "commands.erase", turns=len(stored["turns"]), topics=len(stored["subscriptions"]))
        await self._delivery.send(chat_id, text, erase_keyboard(language))

    async def privacy(self, update: Update, _: Context) -> None:
        """Say what is stored, how long, and how to have it erased."""
        chat_id, seller = await self._opened(update)
        await self._delivery.send(chat_id, say(language_of(seller), "commands.privacy"))

    async def unknown(self, update: Update, _: Context) -> None:
        """Offer the nearest command to one that is not known."""
        chat_id, seller = await self._opened(update)
        language = language_of(seller)
        written = ((update.message.text if update.message else "") or "").split()[0].lstrip("/").split("@")[0].lower()
        near = difflib.get_close_matches(written, sorted(ALL), n=1, cutoff=_NEAR)
        if near:
            text = say(language, "commands.nearest", command=f"/{_in_language(near[0], language)}")
        else:
            text = say(language, "telegram.unknown_command")
        await self._delivery.send(chat_id, text)

    async def open_section(self, update: Update, code: str) -> object:
        """Open a section by its code or address, from a link; what is gone is said so."""
        chat_id, seller = await self._opened(update)
        language = language_of(seller)
        section = section_of(self._answerer.knowledge(), code)
        if section is None:
            await self._delivery.send(chat_id, say(language, "commands.gone"))
            return None
        answer = await asyncio.to_thread(self._answerer.show, section.id, language, self._today())
        assert update.message
        asked = Asked(chat_id, update.update_id, section.text(language).heading, update.message.date)
        return await self._turns.send(asked, answer)

    def _dated(self, sections: list[Section], language: Language) -> list[str]:
        today = self._today()
        days = ((section, day_of_change(section, today)) for section in sections)
        return [
            f"- **{day_in_words(day, language) if day else say(language, 'commands.no_day')}**: "
            f"{section.text(language).heading}"
            for section, day in days
        ]

    async def private_only(self, update: Update, _: Context) -> None:
        """Send to the private chat whoever tries in a group what concerns only themselves."""
        chat_id, seller = await self._opened(update)
        language = language_of(seller)
        await self._delivery.send(chat_id, say(language, "commands.private_only", username=self._username()))

    async def _opened(self, update: Update) -> tuple[int, Seller]:
        message, user = update.message, update.effective_user
        assert message and user, "only messages of people come here"
        return message.chat_id, await self._patience.store(self._storage.remember_seller, user.id, user.language_code)


def _in_language(command: str, language: Language) -> str:
    """Return the same command by its name in that language."""
    for name in LANGUAGES:
        if command in MENU[name]:
            return MENU[language][MENU[name].index(command)]
    return command
