"""Many messages at once: the queue is bounded, sellers who wait are told so, and one seller's flood is slowed down."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from bot.telegram_pace import Pace
from bot.telegram_patience import Patience

# Twice the limit may lie in memory; then no more is fetched, and Telegram keeps it, until there is room again.
_OVERFLOW = 2
_MINUTE = 60.0
_FEW = 5
_MOST_CHATS = 10_000

Tell = Callable[[Update, str], Coroutine[Any, Any, None]]


class Crowd:
    """Counts what waits and what each chat sends. `tell` sends a seller one of the bot's own texts, by its key."""

    def __init__(self, limit: int, pace: Pace, patience: Patience, tell: Tell) -> None:
        self._limit = limit
        self._pace = pace
        self._patience = patience
        self._tell = tell
        self._room = asyncio.Event()
        self._room.set()
        self._told: set[int] = set()
        self._worked: OrderedDict[int, deque[float]] = OrderedDict()
        self._notices: set[asyncio.Task[None]] = set()

    async def room(self, waiting: int) -> None:
        """Wait, as whoever fetches, while so much waits that no more should come in."""
        if waiting >= self._limit * _OVERFLOW:
            self._room.clear()
        while not self._room.is_set() and not self._patience.stopping:
            try:
                await asyncio.wait_for(self._room.wait(), 1.0)
            except TimeoutError:
                continue

    def arrived(self, update: Update, waiting: int, of_this_chat: int) -> None:
        """Tell the seller of an update, once, that it takes a while: the queue is full, or they sent so much."""
        chat = update.effective_chat
        if chat is None or chat.id in self._told or update.callback_query:
            return
        if waiting > self._limit:
            self._notify(chat.id, update, "telegram.busy")
        elif of_this_chat >= _FEW:
            self._notify(chat.id, update, "telegram.slowly")

    def left(self, waiting: int) -> None:
        """Note that something was worked off."""
        if waiting < self._limit:
            self._room.set()
        if waiting == 0:
            self._told.clear()

    async def slow_down(self, chat_id: int | None) -> None:
        """Wait before the next update of a chat that sends more than so many a minute."""
        if chat_id is None:
            return
        now, times = time.monotonic(), self._worked.setdefault(chat_id, deque(maxlen=self._pace.crowded))
        self._worked.move_to_end(chat_id)
        if len(self._worked) > _MOST_CHATS:
            self._worked.popitem(last=False)
        crowded = len(times) == times.maxlen and now - times[0] < _MINUTE
        times.append(now)
        if crowded:
            await self._patience.pause(self._pace.crowded_wait)

    def _notify(self, chat_id: int, update: Update, key: str) -> None:
        self._told.add(chat_id)
        notice = asyncio.create_task(self._tell(update, key), name=f"notice to chat {chat_id}")
        self._notices.add(notice)
        notice.add_done_callback(self._notices.discard)
