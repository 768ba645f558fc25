"""What the buttons of the commands do: leafing through topics, choosing a side, subscribing, erasing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from bot.browsing import section_of, topic_page
from bot.telegram_inbox import Sent
from bot.telegram_keyboards import page_keyboard, sides_keyboard, subscriptions_keyboard, topics_keyboard
from bot.telegram_parts import Parts
from bot.telegram_press import OldButton, Press
from bot.telegram_turns import Asked
from bot.wording import say
from indexer.sections import Platform

Action = Callable[[Press], Awaitable[Sent | None]]


class CommandPresses:
    """The actions behind the buttons of the commands."""

    def __init__(self, parts: Parts) -> None:
        self._answerer = parts.answerer
        self._storage = parts.storage
        self._desk = parts.desk
        self._patience = parts.patience
        self._delivery = parts.delivery
        self._turns = parts.turns
        self._today = parts.today

    def actions(self) -> dict[str, Action]:
        """Return each action by the word that stands in its button."""
        return {
            "browse": self._browse,
            "topiclist": self._topics,
            "section": self._section,
            "side": self._side,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "erase": self._erase,
            "keep": self._keep,
        }

    async def _browse(self, press: Press) -> None:
        language = press.language_at(1)
        number = press.number(2) if len(press.arguments) > 2 else 0
        snapshot = self._answerer.knowledge()
        if press.arguments[0] not in snapshot.topics:
            raise OldButton
        slug = press.arguments[0]
        page = topic_page(snapshot, slug, self._today(), number)
        name = snapshot.topics[slug].names[language]
        lines = [f"**{name}**", say(language, "commands.page", number=page.number + 1, pages=page.pages), ""]
        lines += [f"{place}. {section.text(language).heading}" for place, section in enumerate(page.sections, 1)]
        await self._delivery.answer_press(press.query.id)
        await self._delivery.change_text(
            press.chat_id, press.message_id, "\n".join(lines), page_keyboard(page, slug, language)
        )

    async def _topics(self, press: Press) -> None:
        language = press.language_at(0)
        topics = await asyncio.to_thread(self._answerer.topics, language)
        await self._delivery.answer_press(press.query.id)
        keyboard = topics_keyboard(topics, language, action="browse")
        await self._delivery.change_text(press.chat_id, press.message_id, say(language, "commands.topics"), keyboard)

    async def _section(self, press: Press) -> Sent:
        language = press.language_at(1)
        section = section_of(self._answerer.knowledge(), press.arguments[0])
        if section is None:
            raise OldButton
        answer = await asyncio.to_thread(self._answerer.show, section.id, language, self._today())
        await self._delivery.answer_press(press.query.id)
        asked = Asked(press.chat_id, press.update_id, section.text(language).heading, press.at)
        return await self._turns.send(asked, answer)

    async def _side(self, press: Press) -> None:
        chosen = press.arguments[0] if press.arguments else ""
        if chosen not in set(Platform):
            raise OldButton
        platform = Platform(chosen)
        kept = None if platform is Platform.BOTH else platform
        await self._patience.store(self._storage.set_platform, press.chat_id, kept)
        await self._delivery.answer_press(press.query.id, say(press.language, f"commands.side_kept_{platform}"))
        await self._delivery.change_keyboard(press.chat_id, press.message_id, sides_keyboard(press.language, kept))

    async def _subscribe(self, press: Press) -> None:
        language = press.language_at(1)
        topics = await asyncio.to_thread(self._answerer.topics, language)
        names = {topic.section: topic.title for topic in topics}
        slug = press.arguments[0]
        if slug not in names:
            raise OldButton
        now = await self._patience.store(self._storage.toggle_subscription, press.chat_id, slug)
        chosen = await self._patience.store(self._storage.subscribed_topics, press.chat_id)
        key = "commands.subscribed" if now else "commands.unsubscribed"
        await self._delivery.answer_press(press.query.id, say(language, key, topic=names[slug]))
        await self._delivery.change_keyboard(
            press.chat_id, press.message_id, subscriptions_keyboard(topics, chosen, language)
        )

    async def _unsubscribe(self, press: Press) -> None:
        count = await self._patience.store(self._storage.end_subscriptions, press.chat_id)
        await self._delivery.answer_press(press.query.id)
        await self._delivery.send(press.chat_id, say(press.language, "commands.subscriptions_ended", count=count))

    async def _erase(self, press: Press) -> None:
        language = press.language_at(0)
        await self._delivery.answer_press(press.query.id)  # at once: among very many turns erasing takes seconds
        topics = await self._patience.store(self._desk.handoffs.threads_of_chat, press.chat_id)
        erased = await self._patience.store(self._storage.erase, press.chat_id, press.update_id)
        if self._desk.group:
            await self._desk.group.forget(topics)
        counts = asdict(erased)
        await self._delivery.change_text(
            press.chat_id, press.message_id, say(language, "commands.erased", **counts), None
        )

    async def _keep(self, press: Press) -> None:
        language = press.language_at(0)
        await self._delivery.answer_press(press.query.id)
        await self._delivery.change_text(press.chat_id, press.message_id, say(language, "commands.kept"), None)
