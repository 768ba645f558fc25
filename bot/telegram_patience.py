"""Repeating what did not come through: requests to Telegram and writes to the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter

from bot.remembered import NotTheirTurn, StorageError
from bot.telegram_errors import Stopping, kind_of
from bot.telegram_pace import Pace

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Patience:
    """Tries again, with longer and longer waits, until it comes through or the bot is stopped."""

    def __init__(self, pace: Pace, stopping: asyncio.Event) -> None:
        self._pace = pace
        self._stopping = stopping

    @property
    def stopping(self) -> bool:
        """Whether the bot is being stopped."""
        return self._stopping.is_set()

    async def request(self, what: str, request: Callable[[], Awaitable[T]]) -> T:
        """Make a request to Telegram and return its result.

        A flood (429) is waited out as long as Telegram says; each request waits for itself. After an outage a request
        whose answer got lost is made again, so that in the worst case a message arrives twice, and never not at all.

        Raises:
            Stopping: the bot is being stopped, and it did not come through yet.
            TelegramError: Telegram said no, and would say so again.
        """
        waits = self._pace.waits()
        while True:
            try:
                return await request()
            except RetryAfter as flood:
                wait = _seconds(flood)
                log.warning("%s: Telegram asks to wait %.0f s", what, wait)
            except BadRequest:
                raise
            except Conflict:
                wait = next(waits)
                log.warning("%s: another program polls with this token; stop it. Trying again in %.0f s", what, wait)
            except NetworkError as error:
                wait = next(waits)
                log.warning("%s: Telegram cannot be reached, %s; trying again in %.1f s", what, kind_of(error), wait)
            await self.pause(wait)

    async def store(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a method of the storage in a thread and return its result, again if the database did not answer.

        Raises:
            Stopping: the bot is being stopped, and the database did not answer yet.
            NotTheirTurn: somebody acted on what is not theirs.
        """
        waits = self._pace.waits()
        while True:
            try:
                return await asyncio.to_thread(function, *args, **kwargs)
            except NotTheirTurn:
                raise
            except StorageError as error:
                wait = next(waits)
                log.error("the database did not answer (%s); trying again in %.1f s", error, wait)
            await self.pause(wait)

    async def pause(self, seconds: float) -> None:
        """Wait, unless the bot is being stopped.

        Raises:
            Stopping: it is.
        """
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
        raise Stopping


def _seconds(flood: RetryAfter) -> float:
    wait = flood.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
