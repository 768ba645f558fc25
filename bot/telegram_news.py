"""News for subscribers: what a newly published index says differently, sent slowly so that no answer waits for it."""

import asyncio
import logging

from telegram import InlineKeyboardMarkup

from bot.answerer import Answerer
from bot.browsing import changed_sections
from bot.storage import Storage
from bot.subscriptions_log import Notice
from bot.telegram_delivery import Delivery
from bot.telegram_errors import SellerGone, Stopping
from bot.telegram_keyboards import news_keyboard
from bot.telegram_patience import Patience
from bot.telegram_turns import language_of
from bot.wording import say
from indexer.generations import Generation

log = logging.getLogger(__name__)
MOST_NAMED = 5


class News:
    """Notes a notice for each subscriber when another generation answers, and sends what is noted, one at a time.

    A generation that is published while the bot is down is not told of: there is nothing to compare it with.
    """

    def __init__(
        self, answerer: Answerer, storage: Storage, patience: Patience, delivery: Delivery, seconds: float
    ) -> None:
        self._answerer = answerer
        self._storage = storage
        self._patience = patience
        self._delivery = delivery
        self._seconds = seconds
        self._known: Generation | None = None

    async def run(self) -> None:
        """Go on until the bot is stopped."""
        while not self._patience.stopping:
            try:
                await self._look()
                await self._patience.pause(self._seconds)
            except Stopping:
                return
            except Exception as error:  # news must never take the answers down
                log.error("news were not sent: %s", type(error).__name__)
                await asyncio.sleep(self._seconds)

    async def _look(self) -> None:
        now = self._answerer.generation()
        before, self._known = self._known, now
        if before is not None and before.manifest.name != now.manifest.name:
            changed = changed_sections(before.snapshot, now.snapshot)
            count = await self._patience.store(self._storage.announce, now.manifest.name, changed)
            log.info("generation %s: %d notices for subscribers", now.manifest.name, count)
        for notice in await self._patience.store(self._storage.unsent_notices):
            await self._send(notice)
            await self._patience.pause(self._seconds)

    async def _send(self, notice: Notice) -> None:
        seller = await self._patience.store(self._storage.seller, notice.chat_id)
        snapshot = self._answerer.knowledge()
        sections = [snapshot.sections[address] for address in notice.sections if address in snapshot.sections]
        if seller and sections and notice.topic in snapshot.topics:
            language = language_of(seller)
            lines = [say(language, "commands.news", topic=snapshot.topics[notice.topic].names[language]), ""]
            lines += [f"- {section.text(language).heading}" for section in sections[:MOST_NAMED]]
            keyboard: InlineKeyboardMarkup = news_keyboard(sections[:MOST_NAMED], language)
            try:
                await self._delivery.send(notice.chat_id, "\n".join(lines), keyboard)
            except SellerGone:
                await self._patience.store(self._storage.end_subscriptions, notice.chat_id)
        await self._patience.store(self._storage.notice_sent, notice.id)
